internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Testing

@testable internal import Audit

@Suite("Statistics of a log", .serialized)
struct StatisticsTests {
  private static func request(
    _ start: Timestamp, _ end: Timestamp, _ tenant: String = "acme"
  ) -> AuditV1.GetStatisticsRequest {
    .init(tenantID: tenant, startTime: .init(start), endTime: .init(end))
  }

  /// Five requests made at the beginning of 2026, decided 1, 2, 3 and 4 minutes later, and one that
  /// nobody decided; the last decision comes a day later.
  private static func fill(_ store: any AuditStore) async throws {
    var events = TestEvents()
    let requests: [RequestID] = (0..<5).map { _ in events.newID() }
    var records = requests.map {
      events.next(request: $0, payload: .accessRequestReceived(.init()))
    }
    for (number, request) in requests.prefix(4).enumerated() {
      // The event's own time is a second behind the one before.
      let wait = Duration.seconds(60 * (number + 1) - Int(events.last) - 1)
      records.append(
        events.next(
          request: request,
          payload: number == 2 ? .accessRequestDenied(.init()) : .accessRequestApproved(.init()),
          after: wait))
    }
    records.append(events.next("globex", payload: .accessRequestApproved(.init())))
    records.append(
      events.next(payload: .breakGlassUsed(.init()), after: .seconds(86_400)))
    records.append(
      events.next(request: requests[4], payload: .accessRequestExpired(.init()), after: .hours(24)))
    records.append(events.next(payload: nil, after: .hours(24)))
    _ = try await store.append(TestEvents.batch(.approvals, 0, records))
  }

  @Test("kinds, outcomes, days and the time to decision are counted", arguments: StoreKind.allCases)
  func counts(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await Self.fill(store)
      let handler = StatisticsHandler(store: store)
      let start = TestEvents.start
      let found = try await handler.statistics(
        Self.request(start, start + .hours(48)), by: .acme)
      #expect(found.entries == 12)
      #expect(
        found.kinds.map { "\($0.count) \($0.kind)" } == [
          "5 access_request_received", "3 access_request_approved", "1 access_request_denied",
          "1 access_request_expired", "1 break_glass_used", "1 unknown",
        ])
      #expect(
        found.outcomes
          == .init(received: 5, approved: 3, denied: 1, expired: 1, breakGlass: 1))
      // Of 60, 120, 180 and 240 s, to the millisecond of the ids.
      #expect(found.medianTimeToDecision?.seconds == 120)
      #expect(found.p95TimeToDecision?.seconds == 240)
      #expect(found.days.map(\.entries) == [9, 3])
      #expect(found.days.map { Timestamp($0.day) } == [start, start + .hours(24)])
      #expect(found.days[1].outcomes == .init(expired: 1, breakGlass: 1))

      let part = try await handler.statistics(
        Self.request(start + .hours(24), start + .hours(48)), by: .acme)
      #expect(part.entries == 3 && part.medianTimeToDecision == nil)
      let none = try await handler.statistics(
        Self.request(start - .hours(48), start), by: .acme)
      #expect(none == .init(outcomes: .init()))
    }
  }

  @Test("periods are at most a year, and what holds too much is refused as a whole")
  func limits() async throws {
    let store = MemoryAuditStore()
    try await Self.fill(store)
    var handler = StatisticsHandler(store: store)
    let start = TestEvents.start
    let wrong: [(AuditV1.GetStatisticsRequest, [String])] = [
      (.init(tenantID: "acme"), ["start_time", "end_time"]),
      (Self.request(start, start), ["end_time"]),
      (Self.request(start, start + .hours(367 * 24)), ["end_time"]),
      (
        .init(tenantID: "acme", startTime: .init(seconds: 0, nanos: -1), endTime: .init(start)),
        ["start_time"]
      ),
    ]
    for (request, fields) in wrong {
      let error = await #expect(throws: RPCError.self) {
        try await handler.statistics(request, by: .acme)
      }
      #expect(error?.fieldViolations.map(\.field) == fields)
    }
    for bounds in [
      StatisticsHandler.Bounds(entries: 11, decisions: 4),
      StatisticsHandler.Bounds(entries: 12, decisions: 3),
    ] {
      handler.limits = bounds
      let error = await #expect(throws: RPCError.self) {
        try await handler.statistics(Self.request(start, start + .hours(48)), by: .acme)
      }
      #expect(error?.code == .resourceExhausted && error?.reason == "PERIOD_TOO_LARGE")
    }
    handler.limits = .init(entries: 12, decisions: 4)
    #expect(
      try await handler.statistics(Self.request(start, start + .hours(48)), by: .acme).entries == 12
    )
  }

  @Test("a foreign log, a missing one and the provider's answer alike, whatever the period")
  func isolation() async throws {
    let store = MemoryAuditStore()
    try await Self.fill(store)
    let handler = StatisticsHandler(store: store)
    for tenant in ["globex", "initech", ""] {
      for request in [Self.request(.epoch, .epoch + .hours(1), tenant), .init(tenantID: tenant)] {
        await #expect(throws: RPCError.notFound("log")) {
          try await handler.statistics(request, by: .acme)
        }
      }
    }
  }
}
