internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Intake

@Suite("Extensions and break-glass at intake", .serialized)
struct ExtensionTests {
  /// A request with a live grant, as approvals' feed tells of it.
  private func granted(_ intake: IntakeFixture) async throws -> (RequestID, GrantID) {
    let id = try #require(try await intake.submit(Sample.submit("k1")).id)
    let grant = GrantID.make(at: intake.clock.now())
    try await intake.tell(
      .accessRequestApproved(
        .init(
          grant: .init(
            grantID: grant.description, endTime: .init(intake.clock.now() + .hours(2))))),
      of: id)
    return (id, grant)
  }

  private func extend(
    _ grant: String, _ key: String = "k2"
  ) -> IntakeV1.SubmitAccessRequestRequest {
    var request = Sample.submit(key)
    request.extendsGrantID = grant
    return request
  }

  @Test("the accepted request names the grant that it continues")
  func honest() async throws {
    try await IntakeFixture.run { intake in
      let (_, grant) = try await granted(intake)
      let status = try await intake.submit(extend(grant.description))
      #expect(status.accessRequest?.extendsGrantID == grant.description)
      await expectRefusal(.alreadyExists, "IDEMPOTENCY_KEY_REUSED") { () async throws(RPCError) in
        try await intake.submit(Sample.submit("k2"))
      }
    }
  }

  @Test("a grant that is another engineer's, another tenant's or none is no such grant (I6)")
  func foreign() async throws {
    try await IntakeFixture.run { intake in
      let (_, grant) = try await granted(intake)
      let now = intake.clock.now()
      try await intake.store.apply(
        Sample.tenantApplied(TenantID("fabrikam")!, longest: .hours(4), at: now))
      var elsewhere = extend(grant.description)
      elsewhere.tenantID = "fabrikam"
      let cases = [
        (extend(grant.description), intake.engineer("emil")), (elsewhere, intake.engineer()),
        (extend(GrantID.make(at: now).description), intake.engineer()),
      ]
      for (request, who) in cases {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await intake.submit(request, as: who)
        }
      }
    }
  }

  @Test("what is over, wider or of another workload is refused at once")
  func hopeless() async throws {
    try await IntakeFixture.run { intake in
      let (id, grant) = try await granted(intake)
      var wide = extend(grant.description)
      wide.scope?.resources.append("mailboxes/bob")
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await intake.submit(wide)
      }
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await intake.submit(extend("x"))
      }
      try await intake.tell(.grantRevoked(.init(grantID: grant.description)), of: id)
      await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE") { () async throws(RPCError) in
        try await intake.submit(extend(grant.description))
      }
    }
  }

  @Test("a grant whose window is over is not continued, whether or not expiry has said so")
  func late() async throws {
    try await IntakeFixture.run { intake in
      let (_, grant) = try await granted(intake)
      intake.clock.advance(by: .hours(2))
      await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE") { () async throws(RPCError) in
        try await intake.submit(extend(grant.description))
      }
    }
  }

  @Test("break-glass is short, says so, and extends nothing")
  func breakGlass() async throws {
    try await IntakeFixture.run { intake in
      let (_, grant) = try await granted(intake)
      var request = Sample.submit("k3")
      request.breakGlass = true
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await intake.submit(request)
      }
      request.duration = .init(seconds: 3_600)
      #expect(try await intake.submit(request).accessRequest?.breakGlass == true)
      request.idempotencyKey = "k4"
      request.extendsGrantID = grant.description
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await intake.submit(request)
      }
    }
  }
}
