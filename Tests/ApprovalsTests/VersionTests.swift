internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Versions of settings over the wire", .serialized)
struct VersionTests {
  private typealias Tenants = ApprovalsV1.TenantService
  private typealias Policies = ApprovalsV1.PolicyService

  @Test("judging alone changes nothing: no version, no event, the same rules")
  func validateOnly() async throws {
    try await ApprovalsFixture.run { lockbox in
      let last = lockbox.store.database.feed.last
      let settings = Sample.tenant(longestAccess: .hours(2)).message
      let judged = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: settings, validateOnly: true),
        options: lockbox.admin())
      #expect(judged.changed && judged.tenant?.version == 2 && judged.tenant?.settings == settings)
      #expect(judged.previous?.version == 1)
      let policy = try await lockbox.people.unary(
        Policies.applyPolicy,
        .init(policy: Sample.policy(Workload("new")!).message, validateOnly: true),
        options: lockbox.operatorOptions())
      #expect(policy.changed && policy.policy?.version == 1 && policy.previous == nil)
      await expectRefusal(.permissionDenied, "TENANT_ADMINS_ONLY") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Tenants.applyTenant, .init(settings: settings, validateOnly: true),
          options: lockbox.operatorOptions())
      }
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.applyPolicy, .init(policy: .init(workload: "x"), validateOnly: true),
          options: lockbox.operatorOptions())
      }
      #expect(lockbox.store.database.feed.last == last)
      try await lockbox.store.read { store throws in
        #expect(try store.tenant(Sample.contoso)?.version == 1)
        #expect(try store.policy(Workload("new")!) == nil)
      }
    }
  }

  @Test("of two people with the same version before them, one is told that it is gone")
  func ifVersion() async throws {
    try await ApprovalsFixture.run { lockbox in
      func apply(_ quorum: Int, if version: UInt64) async throws(RPCError) -> UInt64? {
        try await lockbox.people.unary(
          Policies.applyPolicy,
          .init(policy: Sample.policy(quorum: quorum).message, condition: .ifVersion(version)),
          options: lockbox.operatorOptions()
        ).policy?.version
      }
      let applied = try await apply(2, if: 1)
      // Whoever did not hear the answer may ask again.
      let again = try await apply(2, if: 1)
      #expect(applied == 2 && again == 2)
      for version: UInt64 in [0, 1, 3] {
        let error = await #expect(throws: RPCError.self) { try await apply(3, if: version) }
        #expect(error?.code == .failedPrecondition && error?.reason == "VERSION_MISMATCH")
        var present: String?
        for case .errorInfo(_, _, let metadata) in error?.details ?? [] {
          present = metadata["version"] ?? present
        }
        #expect(present == "2")
      }
      await expectRefusal(.failedPrecondition, "VERSION_MISMATCH") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Tenants.applyTenant,
          .init(
            settings: Sample.tenant(longestAccess: .hours(2)).message, condition: .ifVersion(7)),
          options: lockbox.admin())
      }
    }
  }

  @Test("each version is kept with when and by whom, newest first, in pages")
  func history() async throws {
    try await ApprovalsFixture.run { lockbox in
      for quorum in 2...4 {
        lockbox.clock.advance(by: .seconds(1))
        _ = try await lockbox.people.unary(
          Policies.applyPolicy, .init(policy: Sample.policy(quorum: quorum).message),
          options: lockbox.operatorOptions())
      }
      var found: [ApprovalsV1.Policy] = []
      var token = ""
      repeat {
        let page = try await lockbox.people.unary(
          Policies.listPolicyVersions, .init(workload: "mail", pageSize: 3, pageToken: token),
          options: lockbox.manager())
        found += page.versions
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(found.map(\.version) == [4, 3, 2, 1])
      #expect(found.map { $0.policy?.stages.first?.approvers?.quorum } == [4, 3, 2, 1])
      #expect(found.map { $0.appliedBy?.id } == ["otto", "otto", "otto", nil])
      let times = found.compactMap { $0.applyTime?.seconds }
      #expect(times.count == 4 && zip(times, times.dropFirst()).allSatisfy { $0 > $1 })
      let second = try await lockbox.people.unary(
        Policies.getPolicy, .init(workload: "mail", version: 2), options: lockbox.manager())
      #expect(second.policy == found[2])
      for version: UInt64 in [5, .max] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Policies.getPolicy, .init(workload: "mail", version: version),
            options: lockbox.manager())
        }
      }
    }
  }

  @Test("a tenant's versions are its own; foreign and missing answer alike")
  func foreign() async throws {
    try await ApprovalsFixture.run { lockbox in
      let own = try await lockbox.people.unary(
        Tenants.listTenantVersions, .init(tenantID: "contoso"), options: lockbox.admin())
      #expect(own.versions.map(\.version) == [1])
      let first = try await lockbox.people.unary(
        Tenants.getTenant, .init(tenantID: "contoso", version: 1), options: lockbox.admin())
      #expect(first.tenant == own.versions.first)
      try await lockbox.store.prepare(Sample.tenant(Sample.fabrikam))
      for name in ["fabrikam", "nobody", "No Name"] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Tenants.listTenantVersions, .init(tenantID: name), options: lockbox.admin())
        }
      }
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.listPolicyVersions, .init(workload: "none"), options: lockbox.manager())
      }
    }
  }
}
