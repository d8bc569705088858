internal import ArgumentParser
internal import ServiceKit
internal import Witness

@main
struct LockboxWitness: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-witness",
    abstract: "A witness: cosigns checkpoints of logs that only grow.",
    discussion: """
      For a customer to run, on a machine of its own: whoever holds a checkpoint with its \
      cosignature knows that the log has shown everybody the same history.
      """)

  @OptionGroup var options: ServiceOptions

  @Flag(help: "Make the key that the configuration names, print its public half, and exit.")
  var makeKey = false

  func run() async { await WitnessProgram.main(options, makesKey: makeKey) }
}
