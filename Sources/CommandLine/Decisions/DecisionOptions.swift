internal import ArgumentParser
internal import Domain
internal import Words

struct DecisionOptions: ParsableArguments {
  @Argument(help: "The request's id, as submit and list print it.") var request: RequestID
  @Flag(name: [.short, .long], help: "Decide without asking.") var yes = false
  @Option(
    help: "Sign the decision with this key; else with signing_key of the configuration, if any.",
    completion: .file())
  var key: String?
  @Option(help: "Decide on this approver's seat, as their delegate while they are away.")
  var onBehalfOf: String?
}
