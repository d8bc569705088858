internal import ArgumentParser
internal import LockboxProto
internal import Words

struct ExpiryListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List pending deadlines, earliest first.",
    discussion: """
      EXAMPLES
        lockboxctl expiry list --limit 10
        lockboxctl expiry list --output json | jq -r '.deadlines[].requestId'
      """)

  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (deadlines, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ExpiryV1.ExpiryService.listDeadlines,
        .init(pageSize: limit.pageSize, pageToken: token), at: .expiry)
      return (page.deadlines, page.nextPageToken)
    }
    try session.printer.table(
      ExpiryV1.ListDeadlinesResponse(deadlines: deadlines), empty: "No deadlines."
    ) {
      var table = Table("DEADLINE", "KIND", "TENANT", "REQUEST", "GRANT")
      for deadline in deadlines {
        table.add(
          session.shell.times.full(deadline.deadline), Styled(deadline.kind.words),
          Styled(deadline.tenantID), Styled(deadline.requestID), Styled(deadline.grantID))
      }
      return table
    }
    session.noteMore(more, than: deadlines.count)
  }
}
