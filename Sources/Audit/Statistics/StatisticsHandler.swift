internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// Statistics of `lockbox.audit.v1.AuditService`.
struct StatisticsHandler: Sendable {
  let store: any AuditStore
  var limits = Bounds()

  /// What one call may look at.
  struct Bounds: Sendable {
    /// Of whose entries the index tells time and kind: 0.1 µs each.
    var entries = 5_000_000
    /// Each read for the request that it is of: 15 µs each.
    var decisions = 100_000
  }

  static let longestPeriod = Duration.hours(366 * 24)

  func add(to router: inout Router) {
    router.unary(AuditV1.AuditService.getStatistics) { try await statistics($0, by: $1.caller()) }
  }

  func statistics(
    _ request: AuditV1.GetStatisticsRequest, by caller: Caller
  ) async throws -> AuditV1.GetStatisticsResponse {
    let log = try caller.log(request.tenantID)
    let (start, end) = try Self.period(request)
    let statistics = try await store.scan(log) { [limits] reader in
      try Self.count(reader, from: start, to: end, limits)
    }
    return .init(statistics)
  }

  private static func period(
    _ request: AuditV1.GetStatisticsRequest
  ) throws -> (Timestamp, Timestamp) {
    var violations = Violations()
    violations.require(request.startTime != nil, "start_time", "is missing")
    violations.require(request.endTime != nil, "end_time", "is missing")
    let start = violations.time(request.startTime, "start_time")
    let end = violations.time(request.endTime, "end_time")
    if let start, let end {
      violations.require(
        start < end && end - start <= longestPeriod, "end_time",
        "must be after start_time, and at most 366 days")
    }
    try violations.check()
    return (start ?? .epoch, end ?? .epoch)
  }

  private static func count(
    _ reader: any LogReader, from start: Timestamp, to end: Timestamp, _ limits: Bounds
  ) throws -> LogStatistics {
    var statistics = LogStatistics()
    var decisions: [UInt64] = []
    let isWhole = try reader.eachSummary(from: start, to: end, limit: limits.entries) { entry in
      statistics.add(entry)
      if entry.kind == .accessRequestApproved || entry.kind == .accessRequestDenied {
        decisions.append(entry.index)
      }
    }
    guard isWhole, decisions.count <= limits.decisions else {
      throw RPCError.reasoned(
        .resourceExhausted, "the period holds more than one call looks at; ask for a shorter one",
        reason: "PERIOD_TOO_LARGE")
    }
    for index in decisions {
      guard let entry = try reader.storedEntries(from: index, limit: 1).first,
        let request = entry.request
      else { continue }
      // A request's id is made when it is accepted, and holds that time.
      statistics.add(decisionTime: entry.time - request.uuid.time)
    }
    return statistics
  }
}

extension AuditV1.GetStatisticsResponse {
  init(_ statistics: LogStatistics) {
    self.init(
      entries: statistics.total.entries, kinds: Self.kinds(statistics),
      outcomes: .init(statistics.total.outcomes), days: Self.days(statistics))
    medianTimeToDecision = statistics.decisionTime(quantile: 0.5).map { .init($0) }
    p95TimeToDecision = statistics.decisionTime(quantile: 0.95).map { .init($0) }
  }

  private static func kinds(_ statistics: LogStatistics) -> [AuditV1.KindCount] {
    statistics.kinds.map { AuditV1.KindCount(kind: $0.key?.name ?? "unknown", count: $0.value) }
      .sorted { $0.count == $1.count ? $0.kind < $1.kind : $0.count > $1.count }
  }

  private static func days(_ statistics: LogStatistics) -> [AuditV1.DayCount] {
    statistics.days.sorted { $0.key < $1.key }.map { day, counts in
      AuditV1.DayCount(
        day: .init(LogStatistics.dayBeginning(day)), entries: counts.entries,
        outcomes: .init(counts.outcomes))
    }
  }
}

extension AuditV1.Outcomes {
  fileprivate init(_ outcomes: LogStatistics.Outcomes) {
    self.init(
      received: outcomes.received, approved: outcomes.approved, denied: outcomes.denied,
      expired: outcomes.expired, withdrawn: outcomes.withdrawn, revoked: outcomes.revoked,
      breakGlass: outcomes.breakGlass)
  }
}
