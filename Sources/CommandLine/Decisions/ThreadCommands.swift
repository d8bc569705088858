internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct AskCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Ask the engineer about a request (managers; a customer's approvers).",
    discussion: """
      Nothing is decided and no deadline moves. Both sides read the thread, and it stands in the \
      tenant's log.

      EXAMPLES
        lockboxctl ask "$id" 'Why the whole mailbox?'
      """)

  @Argument(help: "The request's id, as submit and list print it.") var request: RequestID
  @Argument(help: "The question.") var text: String
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.ApprovalsService.askQuestion,
      .init(requestID: request.description, text: text), at: .approvals)
    try session.printer.result(response) {
      ["\(request)  asked; lockboxctl watch \(request) tells of the answer"]
    }
  }
}

struct AnswerCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Answer what was asked about a request of yours (engineers).",
    discussion: """
      EXAMPLES
        lockboxctl show "$id"          # the thread
        lockboxctl answer "$id" 'The rule that loops is in the root folder.'
      """)

  @Argument(help: "The request's id, as submit and list print it.") var request: RequestID
  @Argument(help: "The answer.") var text: String
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.ApprovalsService.answerQuestion,
      .init(requestID: request.description, text: text), at: .approvals)
    try session.printer.result(response) { ["\(request)  answered"] }
  }
}
