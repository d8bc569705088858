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

@Suite("Settings over the wire", .serialized)
struct SettingsTests {
  private typealias Tenants = ApprovalsV1.TenantService
  private typealias Policies = ApprovalsV1.PolicyService

  @Test("a change makes a version and an event; the same again makes neither")
  func versions() async throws {
    try await ApprovalsFixture.run { lockbox in
      let last = lockbox.store.database.feed.last
      let same = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: Sample.tenant().message), options: lockbox.admin())
      #expect(!same.changed && same.tenant?.version == 1)
      #expect(lockbox.store.database.feed.last == last)
      let changed = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: Sample.tenant(enabled: false).message),
        options: lockbox.admin())
      #expect(changed.changed && changed.tenant?.version == 2)
      let policy = try await lockbox.people.unary(
        Policies.applyPolicy, .init(policy: Sample.policy(quorum: 2).message),
        options: lockbox.operatorOptions())
      #expect(policy.changed && policy.policy?.version == 2)
      let events = try await lockbox.events(after: last)
      #expect(events.map { $0.actor?.role } == ["admin", "operator"])
      #expect(events.map(\.tenantID) == ["contoso", ""])
      let read = try await lockbox.people.unary(
        Tenants.getTenant, .init(tenantID: "contoso"), options: lockbox.admin())
      #expect(read.tenant == changed.tenant)
      let readPolicy = try await lockbox.people.unary(
        Policies.getPolicy, .init(workload: "mail"), options: lockbox.manager())
      #expect(readPolicy.policy == policy.policy)
    }
  }

  // Breaks when `requireMayApply` in SettingsHandlers.swift lets an operator through.
  @Test("an operator creates a tenant, and then changes nothing of it: lockbox stays on")
  func operators() async throws {
    try await ApprovalsFixture.run { lockbox in
      let last = lockbox.store.database.feed.last
      for settings in [Sample.tenant(enabled: false), Sample.tenant(longestAccess: .hours(8))] {
        await expectRefusal(.permissionDenied, "TENANT_ADMINS_ONLY") { () async throws(RPCError) in
          try await lockbox.people.unary(
            Tenants.applyTenant, .init(settings: settings.message),
            options: lockbox.operatorOptions())
        }
      }
      let same = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: Sample.tenant().message),
        options: lockbox.operatorOptions())
      #expect(!same.changed && same.tenant?.version == 1)
      #expect(lockbox.store.database.feed.last == last)
    }
  }

  @Test("an admin changes their own tenant only, and creates none")
  func admins() async throws {
    try await ApprovalsFixture.run { lockbox in
      let fabrikam = ApprovalsV1.ApplyTenantRequest(
        settings: Sample.tenant(Sample.fabrikam).message)
      for exists in [false, true] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Tenants.applyTenant, fabrikam, options: lockbox.admin())
        }
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Tenants.getTenant, .init(tenantID: "fabrikam"), options: lockbox.admin())
        }
        guard !exists else { break }
        let made = try await lockbox.people.unary(
          Tenants.applyTenant, fabrikam, options: lockbox.operatorOptions())
        #expect(made.changed && made.tenant?.version == 1)
      }
      let own = try await lockbox.people.unary(
        Tenants.listTenants, .init(), options: lockbox.admin())
      #expect(own.tenants.compactMap(\.settings?.tenantID) == ["contoso"])
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.applyPolicy, .init(policy: Sample.policy().message), options: lockbox.admin())
      }
    }
  }

  @Test("an admin cannot create the tenant that their issuer speaks for")
  func firstTenant() async throws {
    try await ApprovalsFixture.run(Sample.tenant(Sample.fabrikam)) { lockbox in
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Tenants.applyTenant, .init(settings: Sample.tenant().message),
          options: lockbox.admin())
      }
    }
  }

  @Test("every wrong field of a tenant or a policy is named at once, a bad name too")
  func violations() async throws {
    try await ApprovalsFixture.run { lockbox in
      let tenant = await #expect(throws: RPCError.self) {
        try await lockbox.people.unary(
          Tenants.applyTenant,
          .init(
            settings: .init(
              tenantID: "Contoso", displayName: "bad\u{1}", lockboxEnabled: true,
              requestLifetime: .init(seconds: 1, nanos: -1),
              longestAccess: .init(seconds: 32_400), approvers: .init(quorum: 17),
              contacts: ["nobody"])), options: lockbox.operatorOptions())
      }
      let fields = tenant?.fieldViolations.map(\.field) ?? []
      #expect(tenant?.code == .invalidArgument)
      for field in [
        "tenant_id", "request_lifetime", "display_name", "longest_access", "contacts[0]",
      ] {
        #expect(fields.contains("settings.\(field)"))
      }
      #expect(fields.contains { $0.hasPrefix("settings.approvers") })

      let policy = await #expect(throws: RPCError.self) {
        try await lockbox.people.unary(
          Policies.applyPolicy,
          .init(
            policy: .init(
              workload: "",
              stages: [
                .init(name: "", approvers: .init(people: ["max"], quorum: 1)),
                .init(
                  name: "two", approvers: .init(people: ["max"], quorum: 1),
                  lifetime: .init(seconds: -1, nanos: 1)),
              ])), options: lockbox.operatorOptions())
      }
      #expect(
        Set(policy?.fieldViolations.map(\.field) ?? [])
          == ["policy.workload", "policy.stages[0].name", "policy.stages[1].lifetime"])
    }
  }

  @Test("lists of tenants and policies have pages")
  func pages() async throws {
    try await ApprovalsFixture.run { lockbox in
      for name in ["adatum", "fabrikam", "northwind"] {
        try await lockbox.store.prepare(
          Sample.tenant(try #require(TenantID(name))),
          Sample.policy(try #require(Workload(name))))
      }
      var tenants: [String?] = []
      var policies: [String?] = []
      var token = ""
      repeat {
        let page = try await lockbox.people.unary(
          Tenants.listTenants, .init(pageSize: 3, pageToken: token),
          options: lockbox.operatorOptions())
        tenants += page.tenants.map(\.settings?.tenantID)
        token = page.nextPageToken
      } while !token.isEmpty
      repeat {
        let page = try await lockbox.people.unary(
          Policies.listPolicies, .init(pageSize: 3, pageToken: token),
          options: lockbox.operatorOptions())
        policies += page.policies.map(\.policy?.workload)
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(tenants == ["adatum", "contoso", "fabrikam", "northwind"])
      #expect(policies == ["adatum", "fabrikam", "mail", "northwind"])
    }
  }
}
