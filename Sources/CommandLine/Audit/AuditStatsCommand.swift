internal import ArgumentParser
internal import Domain
internal import DomainProto
internal import LockboxProto
internal import StandardProto
internal import Words

struct AuditStatsCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Tell what happened in a log over a period, in numbers.",
    discussion: """
      The last 30 days, or the period given, of at most 366 days. Days are in UTC.

      EXAMPLES
        lockboxctl audit stats --tenant acme
        lockboxctl audit stats --tenant acme --after 2026-10-01T00:00:00Z \\
            --before 2026-11-01T00:00:00Z --output json | jq .outcomes
      """)

  @OptionGroup var log: LogOption
  @Option(help: "From this moment on (RFC 3339).") var after: Timestamp?
  @Option(help: "Before this moment (RFC 3339).") var before: Timestamp?
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let end = before ?? session.shell.now
    let start = after ?? end - .hours(30 * 24)
    let found = try await session.call(
      AuditV1.AuditService.getStatistics,
      .init(tenantID: log.id, startTime: start.message, endTime: end.message), at: .audit)
    try session.printer.page(found) { page(found, from: start, to: end) }
  }

  private func page(
    _ found: AuditV1.GetStatisticsResponse, from start: Timestamp, to end: Timestamp
  ) -> Page {
    let outcomes = found.outcomes ?? .init()
    var page = Page()
    page.heading(Styled("\(start) to \(end)"), Styled("\(found.entries) entries", .faint))
    page.field("Requests", Styled("\(outcomes.received)"))
    page.field("Approved", Styled("\(outcomes.approved)"))
    page.field("Denied", Styled("\(outcomes.denied)"))
    page.field("Expired", Styled("\(outcomes.expired)"))
    page.field("Withdrawn", Styled("\(outcomes.withdrawn)"))
    page.field("Revoked", Styled("\(outcomes.revoked)"))
    page.field(
      "Break-glass", Styled("\(outcomes.breakGlass)", outcomes.breakGlass > 0 ? .bad : .plain))
    page.field("Median to decision", Styled(found.medianTimeToDecision.words))
    page.field("19 in 20 within", Styled(found.p95TimeToDecision.words))
    page.field("Kinds", found.kinds.map { Styled("\($0.count) \($0.kind)") })
    if !found.days.isEmpty {
      page.heading("By day")
      page.table(Self.table(found.days))
    }
    return page
  }

  private static func table(_ days: [AuditV1.DayCount]) -> Table {
    var table = Table("DAY", "ENTRIES", "REQUESTS", "APPROVED", "DENIED", "BREAK-GLASS")
    for day in days {
      let outcomes = day.outcomes ?? .init()
      let name = Timestamp(day.day)?.description.prefix(10) ?? ""
      table.add(
        Styled(String(name)), Styled("\(day.entries)"), Styled("\(outcomes.received)"),
        Styled("\(outcomes.approved)"), Styled("\(outcomes.denied)"),
        Styled("\(outcomes.breakGlass)"))
    }
    return table
  }
}
