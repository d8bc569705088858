internal import ArgumentParser
internal import Domain

struct ShowCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a request: who, why, what, how long, its stages, decisions and grant.",
    discussion: """
      EXAMPLES
        lockboxctl show 019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e
        lockboxctl show "$id" --output json | jq .state
      """)

  @Argument(help: "The request's id, as submit and list print it.") var request: RequestID
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await session.printer.show(session.request(request), session.shell.times)
  }
}

extension Printer {
  func show(_ request: Request, _ times: LocalTime) throws(Failure) {
    switch request {
    case .status(let status): try page(status) { request.page(times) }
    case .record(let record): try page(record) { request.page(times) }
    }
  }

  /// One line for one change of state.
  func changed(_ request: Request, _ times: LocalTime) throws(Failure) {
    switch request {
    case .status(let status): try result(status) { [request.line(style, times)] }
    case .record(let record): try result(record) { [request.line(style, times)] }
    }
  }
}
