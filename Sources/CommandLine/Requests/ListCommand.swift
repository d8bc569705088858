internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import RPC

struct ListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List requests, newest first.",
    discussion: """
      Engineers see their own; managers and operators see all; a customer's people see those for \
      their tenant.

      EXAMPLES
        lockboxctl list --state awaiting-customer
        lockboxctl list --tenant acme --limit 0
        lockboxctl list --output json | jq -r '.accessRequests[].state'
      """)

  @Option(help: "Only of this tenant.") var tenant: TenantID?
  @Option(
    name: .customLong("state"), parsing: .singleValue,
    help: "Only in this state; may be repeated.")
  var states: [StateArgument] = []
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    do {
      try await listFromApprovals(session)
    } catch let error as RPCError {
      guard error.code == .permissionDenied else {
        throw Failure(error, from: .approvals, session.configuration)
      }
      try await listFromIntake(session)
    }
  }

  private func listFromApprovals(_ session: Session) async throws {
    let (found, more) = try await session.pages(limit) { token in
      let page = try await session.attempt(
        ApprovalsV1.ApprovalsService.listAccessRequests,
        .init(
          pageSize: limit.pageSize, pageToken: token, tenantID: tenant?.text ?? "",
          states: states.map(\.state)), at: .approvals)
      return (page.accessRequests, page.nextPageToken)
    }
    let message = ApprovalsV1.ListAccessRequestsResponse(accessRequests: found)
    try session.printer.table(message, empty: "No requests.") {
      .requests(found.map { .record($0) }, session.shell.times)
    }
    session.noteMore(more, than: found.count)
  }

  /// For those who may not ask approvals: engineers and operators.
  private func listFromIntake(_ session: Session) async throws {
    let (found, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        IntakeV1.IntakeService.listAccessRequests,
        .init(
          pageSize: limit.pageSize, pageToken: token, tenantID: tenant?.text ?? "",
          states: states.map(\.state)), at: .intake)
      return (page.accessRequests, page.nextPageToken)
    }
    let message = IntakeV1.ListAccessRequestsResponse(accessRequests: found)
    try session.printer.table(message, empty: "No requests.") {
      .requests(found.map { .status($0) }, session.shell.times)
    }
    session.noteMore(more, than: found.count)
  }
}
