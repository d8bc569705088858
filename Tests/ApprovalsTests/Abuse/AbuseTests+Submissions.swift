internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

extension AbuseTests {
  /// Whole seconds and nanoseconds of durations that nobody may have.
  static let badDurations: [(Int64, Int32)] = [
    (0, 0), (-1, 0), (-7_200, 0), (0, -1), (0, 1), (.max, 0), (.min, 0),
    (.max, 999_999_999), (28_801, 0), (7_200, 1_000_000_000), (7_200, -1),
  ]

  @Test("access for no time, less than none, for ever")
  func durations() async throws {
    try await BadInputWorld.run { world in
      for (seconds, nanos) in Self.badDurations {
        await Self.expectInvalid(["duration"]) { () async throws(RPCError) in
          var request = BadInputWorld.submission("d\(seconds)-\(nanos)".replacing("--", with: "-"))
          request.duration = .init(seconds: seconds, nanos: nanos)
          return try await world.intake.unary(
            IntakeV1.IntakeService.submitAccessRequest, request,
            options: world.approvals.engineer())
        }
        await Self.expectInvalid(["terms.duration"]) { () async throws(RPCError) in
          try await world.approvals.people.unary(
            Approvals.decideAccessRequest,
            .init(
              requestID: world.targets.waiting, verdict: .approve,
              requestDigest: world.targets.waitingDigest,
              terms: .init(
                scope: .init(resources: ["mailboxes/alice"], actions: [.read]),
                duration: .init(seconds: seconds, nanos: nanos))),
            options: world.approvals.manager())
        }
      }
    }
  }

  /// A start that has passed moves to the approval: no access before it, and none for longer.
  @Test("access that began in the past")
  func pastStart() async throws {
    try await ApprovalsFixture.run { lockbox in
      for start in [Timestamp(seconds: 0, nanos: 0), lockbox.clock.now() - .hours(9)] {
        let opened = try await lockbox.store.open(at: lockbox.clock.now())
        _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
        let terms = Terms(
          scope: opened.record.request.scope, duration: .hours(1), start: start)
        let record = try await lockbox.decide(
          opened, .approve, stage: 1, as: lockbox.owner(), terms: .init(terms))
        #expect(record.grant?.startTime == .init(lockbox.clock.now()))
        #expect(record.grant?.endTime == .init(lockbox.clock.now() + .hours(1)))
      }
    }
  }

  @Test("an idempotency key with another request")
  func reusedKey() async throws {
    try await BadInputWorld.run { world in
      let changes: [(inout IntakeV1.SubmitAccessRequestRequest) -> Void] = [
        { $0.justification += "." }, { $0.duration = .init(seconds: 7_201) },
        { $0.scope?.resources = ["mailboxes/bob"] }, { $0.scope?.actions = [.read, .export] },
        { $0.ticket = "T-2" }, { $0.reasonCode = .securityReview },
      ]
      for change in changes {
        var request = BadInputWorld.submission("used")
        change(&request)
        let changed = request
        await expectRefusal(.alreadyExists, "IDEMPOTENCY_KEY_REUSED") { () async throws(RPCError) in
          try await world.intake.unary(
            IntakeV1.IntakeService.submitAccessRequest, changed,
            options: world.approvals.engineer())
        }
      }
      let list = try await world.intake.unary(
        IntakeV1.IntakeService.listAccessRequests, .init(), options: world.approvals.engineer())
      #expect(list.accessRequests.count == 1)
    }
  }

  /// Reasons that would hurt whoever prints them in a terminal, a log or a mail.
  static let harmfulTexts: [String] = [
    "line\r\nX-Injected: yes", "a\rb", "\u{1B}[2J\u{1B}[1;1H", "\u{9B}31m", "\u{7}", "\u{8}\u{8}",
    "over\u{202E}ride", "\u{2066}isolate", "del\u{7F}", String(repeating: "a", count: 4_097),
    String(repeating: "\u{1F512}", count: 4_097),
  ]

  @Test("a reason with CRLF, escapes of a terminal, reversed text, 4,097 characters")
  func harmfulReasons() async throws {
    try await BadInputWorld.run { world in
      for (number, text) in Self.harmfulTexts.enumerated() {
        await Self.expectInvalid(["justification"]) { () async throws(RPCError) in
          var request = BadInputWorld.submission("t\(number)")
          request.justification = text
          return try await world.intake.unary(
            IntakeV1.IntakeService.submitAccessRequest, request,
            options: world.approvals.engineer())
        }
        await Self.expectInvalid(["comment"]) { () async throws(RPCError) in
          try await world.approvals.people.unary(
            Approvals.decideAccessRequest,
            .init(
              requestID: world.targets.waiting, verdict: .approve, comment: text,
              requestDigest: world.targets.waitingDigest), options: world.approvals.manager())
        }
        await Self.expectInvalid(["text"]) { () async throws(RPCError) in
          try await world.approvals.people.unary(
            Approvals.askQuestion, .init(requestID: world.targets.waiting, text: text),
            options: world.approvals.manager())
        }
      }
    }
  }

  /// Text is text: it is kept as it is, and whoever shows it escapes it for where it is shown
  /// (CommandLineTests/TextTests for terminals).
  static let plainTexts: [String] = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "=CMD(\"calc\")!A1", "+1+cmd|' /C'!A0",
    "@SUM(1)", "-2+3", "'; DROP TABLE request; --", "${jndi:ldap://x}", "%s%n{0}",
    String(repeating: "\u{1F512}", count: 4_096),
  ]

  @Test("a reason with HTML, formulas, SQL: kept to the byte, and in no log line")
  func plainReasons() async throws {
    try await BadInputWorld.run { world in
      for (number, text) in Self.plainTexts.enumerated() {
        var request = BadInputWorld.submission("p\(number)")
        request.justification = text
        let status = try await world.intake.unary(
          IntakeV1.IntakeService.submitAccessRequest, request,
          options: world.approvals.engineer()
        ).accessRequest
        let read = try await world.intake.unary(
          IntakeV1.IntakeService.getAccessRequest,
          .init(requestID: status?.accessRequest?.requestID ?? ""),
          options: world.approvals.manager())
        let kept = try #require(read.accessRequest?.accessRequest?.justification)
        #expect(kept.utf8.elementsEqual(text.utf8))
        let lines = world.approvals.installation.log.lines
        #expect(!lines.contains { $0.contains(text.prefix(24)) })
      }
    }
  }
}
