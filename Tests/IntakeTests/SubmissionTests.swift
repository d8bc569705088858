internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Intake

@Suite("Submissions over the wire", .serialized)
struct SubmissionTests {
  @Test("the same key and content get the same answer, and one request (I8)")
  func repeated() async throws {
    try await IntakeFixture.run { intake in
      let first = try await intake.submit(Sample.submit("k1"))
      #expect(first.state == .received && first.accessRequest?.engineer?.id == "erin")
      let bytes = try #require(first.accessRequest).serialized()
      #expect(first.requestDigest == Sha256.digest(bytes))
      intake.clock.advance(by: .minutes(5))
      let again = try await intake.submit(Sample.submit("k1"))
      #expect(again == first)
      #expect(intake.feedLast == 1)
      let other = try await intake.submit(Sample.submit("k2"))
      #expect(other.id != first.id)
      // Another engineer's keys are their own.
      let theirs = try await intake.submit(Sample.submit("k1"), as: intake.engineer("emil"))
      #expect(theirs.id != first.id && intake.feedLast == 3)
    }
  }

  @Test("the same key with any other content is refused (I8)")
  func reused() async throws {
    try await IntakeFixture.run { intake in
      _ = try await intake.submit(Sample.submit("k1"))
      var changes = [IntakeV1.SubmitAccessRequestRequest](repeating: Sample.submit("k1"), count: 7)
      changes[0].justification = "another ticket"
      changes[1].ticket = ""
      changes[2].duration = .init(seconds: 3_600)
      changes[3].reasonCode = .securityReview
      changes[4].scope = .init(resources: ["mailboxes/alice"], actions: [.write])
      changes[5].tenantID = "fabrikam"
      changes[6].severity = .high
      for request in changes {
        await expectRefusal(.alreadyExists, "IDEMPOTENCY_KEY_REUSED") {
          () async throws(RPCError) in try await intake.submit(request)
        }
      }
      #expect(intake.feedLast == 1)
    }
  }

  @Test("the engineer's mail address goes with the event where the issuer has verified it")
  func mail() async throws {
    let claims: [([String: Json], String)] = [
      (
        ["email": .string("erin@provider.test"), "email_verified": .bool(true)],
        "erin@provider.test"
      ),
      (["email": .string("erin@provider.test"), "email_verified": .bool(false)], ""),
      (["email": .string("erin@provider.test")], ""),
      (["email_verified": .bool(true)], ""),
      (["email": .string("erin@provider.test\r\nBcc: x@y"), "email_verified": .bool(true)], ""),
      (
        [
          "email": .array([.string("a@provider.test"), .string("b@provider.test")]),
          "email_verified": .bool(true),
        ], ""
      ),
    ]
    try await IntakeFixture.run { intake in
      for (index, (claims, mail)) in claims.enumerated() {
        let engineer = intake.installation.bearer(
          intake.installation.provider, "erin", [.engineer], claims: claims)
        _ = try await intake.submit(Sample.submit("k\(index)"), as: engineer)
        let events = try await intake.store.database.feed.read(after: 0, limit: 100)
        let event = try EventV1.Event(serialized: try #require(events.last).event)
        guard case .accessRequestReceived(let received) = event.payload else {
          return #expect(Bool(false), "\(event)")
        }
        #expect(received.engineerMail == mail, "\(claims)")
      }
    }
  }

  @Test("a severity is kept as it is stated; an unknown one is refused")
  func severity() async throws {
    try await IntakeFixture.run { intake in
      var request = Sample.submit("k1")
      request.severity = .critical
      let status = try await intake.submit(request)
      #expect(status.accessRequest?.severity == .critical)
      let plain = try await intake.submit(Sample.submit("k2"))
      #expect(plain.accessRequest?.severity == .unspecified)
      var unknown = Sample.submit("k3")
      unknown.severity = .unrecognized(7)
      do throws(RPCError) {
        _ = try await intake.submit(unknown)
        Issue.record("was not refused")
      } catch {
        #expect(error.code == .invalidArgument)
      }
    }
  }

  @Test("submissions at once with one key make one request")
  func concurrent() async throws {
    try await IntakeFixture.run { intake in
      let ids = try await withThrowingTaskGroup(of: RequestID?.self) { tasks in
        for _ in 0..<16 {
          tasks.addTask { try await intake.submit(Sample.submit("k1")).id }
        }
        return try await tasks.reduce(into: Set<RequestID?>()) { $0.insert($1) }
      }
      #expect(ids.count == 1 && !ids.contains(nil))
      #expect(intake.feedLast == 1)
    }
  }

  @Test("what could never be opened is refused at once")
  func hopeless() async throws {
    try await IntakeFixture.run { intake in
      var request = Sample.submit("k1")
      request.tenantID = "fabrikam"
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await intake.submit(request)
      }
      request = Sample.submit("k1")
      request.workload = "chat"
      request.duration = .init(seconds: 18_000)
      do throws(RPCError) {
        _ = try await intake.submit(request)
        Issue.record("was accepted")
      } catch {
        #expect(error.code == .invalidArgument)
        #expect(error.fieldViolations.map(\.field) == ["workload", "duration"])
      }
      #expect(intake.feedLast == 0)
      // A refused key is free.
      _ = try await intake.submit(Sample.submit("k1"))
    }
  }

  @Test("a pending request is withdrawn once, by its engineer only, and not after its end")
  func withdrawal() async throws {
    try await IntakeFixture.run { intake in
      let id = try #require(try await intake.submit(Sample.submit("k1")).id)
      let request = IntakeV1.WithdrawAccessRequestRequest(
        requestID: id.description, comment: "not needed")
      typealias API = IntakeV1.IntakeService
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await intake.people.unary(
          API.withdrawAccessRequest, request, options: intake.engineer("emil"))
      }
      for _ in 0..<2 {
        let answer = try await intake.people.unary(
          API.withdrawAccessRequest, request, options: intake.engineer())
        #expect(answer.accessRequest?.id == id)
      }
      #expect(intake.feedLast == 2)

      let late = try #require(try await intake.submit(Sample.submit("k2")).id)
      let deadline = intake.clock.now() + .hours(1)
      try await intake.tell(
        .stageOpened(.init(side: .provider, deadline: .init(deadline))), of: late)
      intake.clock.set(deadline)
      await expectRefusal(.failedPrecondition, "REQUEST_CLOSED") { () async throws(RPCError) in
        try await intake.people.unary(
          API.withdrawAccessRequest, .init(requestID: late.description),
          options: intake.engineer())
      }
    }
  }

  @Test("an engineer sees their own requests only; a manager sees all")
  func visibility() async throws {
    try await IntakeFixture.run { intake in
      typealias API = IntakeV1.IntakeService
      let own = try #require(try await intake.submit(Sample.submit("k1")).id)
      let theirs = try #require(
        try await intake.submit(Sample.submit("k1"), as: intake.engineer("emil")).id)
      let missing = RequestID.make(at: intake.clock.now())
      for id in [theirs.description, missing.description, "x"] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await intake.people.unary(
            API.getAccessRequest, .init(requestID: id), options: intake.engineer())
        }
      }
      func list(_ who: CallOptions) async throws -> Set<RequestID?> {
        let page = try await intake.people.unary(API.listAccessRequests, .init(), options: who)
        return Set(page.accessRequests.map(\.id))
      }
      #expect(try await list(intake.engineer()) == [own])
      #expect(try await list(intake.manager()) == [own, theirs])
    }
  }

  @Test("pages follow each other, and a token of another list or of nobody is refused")
  func pages() async throws {
    try await IntakeFixture.run { intake in
      typealias API = IntakeV1.IntakeService
      for number in 0..<5 {
        intake.clock.advance(by: .seconds(1))
        _ = try await intake.submit(Sample.submit("k\(number)"))
      }
      var token = ""
      var seen: [RequestID?] = []
      var middle = ""
      repeat {
        let page = try await intake.people.unary(
          API.listAccessRequests, .init(pageSize: 2, pageToken: token),
          options: intake.engineer())
        seen += page.accessRequests.map(\.id)
        token = page.nextPageToken
        if !token.isEmpty { middle = token }
      } while !token.isEmpty
      #expect(seen.count == 5 && Set(seen).count == 5)
      let bad: [(IntakeV1.ListAccessRequestsRequest, CallOptions)] = [
        (.init(pageToken: "x"), intake.engineer()),
        (.init(pageToken: middle + "AAAA"), intake.engineer()),
        (.init(pageToken: middle, states: [.received]), intake.engineer()),
        (.init(pageToken: middle), intake.engineer("emil")),
        (.init(pageSize: 501), intake.engineer()),
      ]
      for (request, who) in bad {
        await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
          try await intake.people.unary(API.listAccessRequests, request, options: who)
        }
      }
    }
  }
}
