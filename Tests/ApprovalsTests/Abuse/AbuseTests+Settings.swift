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
  /// Expects that a call is refused for these fields.
  static func expectInvalid<Value>(
    _ fields: Set<String>, sourceLocation: SourceLocation = #_sourceLocation,
    _ call: () async throws(RPCError) -> Value
  ) async {
    do throws(RPCError) {
      _ = try await call()
      Issue.record("was not refused", sourceLocation: sourceLocation)
    } catch {
      #expect(
        error.code == .invalidArgument && error.reason == "INVALID_FIELDS",
        sourceLocation: sourceLocation)
      #expect(
        Set(error.fieldViolations.map(\.field)) == fields, sourceLocation: sourceLocation)
    }
  }

  /// Stages that nobody, or everybody, would satisfy, and the field that is wrong with each.
  static let emptyStages: [(Approvers, String)] = [
    (Approvers(people: ["max"], groups: [], quorum: 0), "quorum"),
    (Approvers(people: [], groups: ["managers"], quorum: 0), "quorum"),
    (Approvers(people: [], groups: ["managers"], quorum: -1), "quorum"),
    (Approvers(people: [], groups: [], quorum: 1), ""),
    (Approvers(people: ["max"], groups: [], quorum: 2), ""),
  ]

  @Test("a quorum of nobody, an empty set of approvers, a quorum that nobody reaches")
  func emptyApprovers() async throws {
    try await ApprovalsFixture.run { lockbox in
      let last = lockbox.store.database.feed.last
      for (approvers, field) in Self.emptyStages {
        let message = CommonV1.Approvers(
          people: approvers.people.sorted(), groups: approvers.groups.sorted(),
          quorum: UInt32(bitPattern: Int32(approvers.quorum)))
        var tenant = Sample.tenant().message
        tenant.approvers = message
        let settings = tenant
        await Self.expectInvalid(["settings.approvers" + (field.isEmpty ? "" : ".\(field)")]) {
          () async throws(RPCError) in
          try await lockbox.people.unary(
            Tenants.applyTenant, .init(settings: settings), options: lockbox.admin())
        }
        var policy = Sample.policy().message
        policy.stages[0].approvers = message
        let changed = policy
        await Self.expectInvalid([
          "policy.stages[0].approvers" + (field.isEmpty ? "" : ".\(field)")
        ]) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Policies.applyPolicy, .init(policy: changed), options: lockbox.operatorOptions())
        }
      }
      #expect(lockbox.store.database.feed.last == last)
    }
  }

  @Test("automatic approval: a policy without stages, a workload without a policy")
  func automaticApproval() async throws {
    try await ApprovalsFixture.run(Sample.tenant(enabled: false)) { lockbox in
      await Self.expectInvalid(["policy.stages"]) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.applyPolicy, .init(policy: .init(workload: "mail")),
          options: lockbox.operatorOptions())
      }
      // Another workload than the policy's: nobody could approve, so it is denied and not granted.
      let now = lockbox.clock.now()
      let event = try Sample.received(at: now)
      guard case .accessRequestReceived(let received) = event.payload else { return }
      var request = try CommonV1.AccessRequest(serialized: received.accessRequest)
      request.workload = "chat"
      let bytes = try request.serialized()
      var other = event
      other.payload = .accessRequestReceived(
        .init(accessRequest: bytes, requestDigest: Sha256.digest(bytes)))
      let unknown = other
      let stored = try await lockbox.store.write { transaction in
        try transaction.applyIntake(unknown)
        return try transaction.request(RequestID(unknown.requestID)!)!
      }
      #expect(stored.record.state == .denied && stored.record.grant == nil)
    }
  }

  @Test("approval within the requester's reach: they are the only approver, or set the policy")
  func ownReach() async throws {
    let policy = WorkloadPolicy(
      workload: Sample.mail,
      stages: [
        .init(
          name: "self",
          approvers: Approvers(people: [Sample.engineer.id], groups: [], quorum: 1),
          lifetime: .hours(2))
      ])
    try await ApprovalsFixture.run(Sample.tenant(enabled: false), policy) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      try await Self.expectNoVote(
        lockbox, opened,
        as: Self.manager(lockbox, Sample.engineer.id, groups: [], roles: [.engineer, .manager]))
      for who in [lockbox.engineer(), lockbox.manager(Sample.engineer.id)] {
        await expectRefusal(.permissionDenied) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Policies.applyPolicy, .init(policy: Sample.policy().message), options: who)
        }
        await expectRefusal(.permissionDenied) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Tenants.applyTenant, .init(settings: Sample.tenant(enabled: false).message),
            options: who)
        }
      }
      lockbox.clock.set(try #require(opened.record.deadline))
      #expect(
        try await Self.now(lockbox, opened).state(at: lockbox.clock.now()) == .expired)
    }
  }

  @Test("the provider approves for the customer: by switching lockbox off, or as its approver")
  func providerForCustomer() async throws {
    try await ApprovalsFixture.run { lockbox in
      await expectRefusal(.permissionDenied, "TENANT_ADMINS_ONLY") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Tenants.applyTenant, .init(settings: Sample.tenant(enabled: false).message),
          options: lockbox.operatorOptions())
      }
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      for name in ["oda", "max"] {
        try await Self.expectNoVote(
          lockbox, opened, stage: 1,
          as: Self.manager(lockbox, name, groups: ["owners", "managers"]))
      }
    }
  }
}
