internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct WithdrawCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Take a pending request of yours back (engineers).",
    discussion: """
      A request that is approved by then is given back.

      EXAMPLES
        lockboxctl withdraw 019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e
        lockboxctl withdraw "$id" --comment 'solved otherwise'
      """)

  @Argument(help: "The request's id, as submit and list print it.") var request: RequestID
  @Option(help: "Why, for the log.") var comment = ""
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      IntakeV1.IntakeService.withdrawAccessRequest,
      .init(requestID: request.description, comment: comment), at: .intake)
    try session.printer.result(response) {
      ["\(request)  the withdrawal is recorded"]
    }
  }
}
