internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct WatchCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow a request, or every request that you may see.",
    discussion: """
      With an id: prints the state now and each one after it, until the final one, and exits with \
      0 if access was had, 1 if not. Without an id: every change from now on, until Ctrl-C. \
      With --output json: one line of JSON each.

      EXAMPLES
        lockboxctl watch "$id" --until decided && echo approved
        lockboxctl watch --tenant acme
        lockboxctl watch --output json | jq -c .state
      """)

  @Argument(help: "The request's id; none: every request.") var request: RequestID?
  @Option(help: "Stop when the request is decided, or when it is final.") var until = Until.final
  @Option(help: "Without an id: only of this tenant.") var tenant: TenantID?
  @OptionGroup var options: GlobalOptions

  enum Until: String, CaseIterable, ExpressibleByArgument {
    case decided, final
  }

  func validate() throws {
    if request != nil && tenant != nil {
      throw ValidationError("--tenant chooses among all requests: give it or an id.")
    }
  }

  func run(_ session: Session) async throws {
    if let request {
      let end: Watching.End = until == .decided ? .decided : .final
      return try await Watching(session: session, until: end).follow(request)
    }
    session.printer.note("Watching every request; Ctrl-C ends.")
    try await session.stream(
      ApprovalsV1.ApprovalsService.watchAccessRequests, .init(tenantID: tenant?.text ?? ""),
      at: .approvals
    ) { answer in
      if let record = answer.accessRequest {
        try session.printer.changed(.record(record), session.shell.times)
      }
      return true
    }
  }
}
