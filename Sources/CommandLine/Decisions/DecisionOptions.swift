internal import ArgumentParser
internal import Domain

struct DecisionOptions: ParsableArguments {
  @Argument(help: "The request's id.") var request: RequestID
  @Flag(name: [.short, .long], help: "Decide without asking.") var yes = false
}
