internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  /// Design §4, I6.
  // Break: Approvals/SQLite/SQLiteApprovalsReader.swift, `requests`: drop the tenant from the WHERE;
  // Approvals/Handlers/WatchHandler.swift: drop `isVisible`.
  @Suite("Invariants: lists and streams of one's own")
  struct MixingTests {
    /// Two tenants with requests and grants that came in turns, of two engineers.
    struct World {
      let deployment: Deployment
      /// Ids by tenant.
      var requests: [String: Set<String>] = [:]
      var grants: [String: Set<String>] = [:]
      /// Ids by engineer.
      var asked: [String: Set<String>] = [:]

      var lockbox: Lockbox { deployment.lockbox }

      init() async throws {
        deployment = try await Deployment.running()
        let cast = deployment.lockbox.cast
        // As long as acme's: nothing is to expire here.
        try await lockbox.apply(Lockbox.tenant("brief"), by: cast.customer("brief").admin)
      }

      /// One more request of the tenant, granted.
      mutating func grant(_ tenant: String, by engineer: Person) async throws {
        let opened = try await lockbox.open(.init(tenant: tenant), by: engineer)
        let waiting = try await lockbox.managersApprove(opened)
        let granted = try await lockbox.decide(
          waiting, by: lockbox.cast.customer(tenant).approver)
        let id = try #require(granted.accessRequest?.requestID)
        requests[tenant, default: []].insert(id)
        grants[tenant, default: []].insert(try #require(granted.grant?.grantID))
        asked[engineer.name, default: []].insert(id)
      }
    }

    /// Every element of a list, a page of one at a time.
    private static func all<Element>(
      _ page: (String) async throws -> ([Element], String)
    ) async throws -> [Element] {
      var all: [Element] = []
      var token = ""
      repeat {
        let (elements, next) = try await page(token)
        all += elements
        token = next
      } while !token.isEmpty
      return all
    }

    @Test("lists hold everything of the caller's and nothing else, page by page")
    func lists() async throws {
      var world = try await World()
      let lockbox = world.lockbox
      let cast = lockbox.cast
      for _ in 0..<2 {
        try await world.grant("acme", by: cast.engineer)
        try await world.grant("brief", by: cast.otherEngineer)
      }
      let approvals = lockbox.client(.approvals)
      for tenant in ["acme", "brief"] {
        let customer = cast.customer(tenant)
        for person in [customer.approver, customer.admin, customer.auditor] {
          let requests = try await Self.all { token in
            let page = try await approvals.unary(
              ApprovalsV1.ApprovalsService.listAccessRequests,
              .init(pageSize: 1, pageToken: token), options: person.options)
            return (page.accessRequests, page.nextPageToken)
          }
          #expect(requests.map { $0.accessRequest?.tenantID } == [tenant, tenant])
          #expect(
            Set(requests.compactMap { $0.accessRequest?.requestID })
              == world.requests[tenant])
          let grants = try await Self.all { token in
            let page = try await approvals.unary(
              ApprovalsV1.GrantService.listGrants, .init(pageSize: 1, pageToken: token),
              options: person.options)
            return (page.grants, page.nextPageToken)
          }
          #expect(Set(grants.compactMap { $0.grant?.grantID }) == world.grants[tenant])
        }
        let tenants = try await approvals.unary(
          ApprovalsV1.TenantService.listTenants, .init(), options: customer.admin.options)
        #expect(tenants.tenants.map { $0.settings?.tenantID } == [tenant])
        let key = try await lockbox.registerKey(by: customer.approver, tenant)
        let keys = try await approvals.unary(
          ApprovalsV1.ApproverKeyService.listApproverKeys, .init(),
          options: customer.auditor.options)
        #expect(keys.keys == [key])
        let log = try await world.deployment.log(of: tenant)
        #expect(log.entries.allSatisfy { $0.event.tenantID == tenant })
      }
      for engineer in [cast.engineer, cast.otherEngineer] {
        let atIntake = try await Self.all { token in
          let page = try await lockbox.client(.intake).unary(
            IntakeV1.IntakeService.listAccessRequests, .init(pageSize: 1, pageToken: token),
            options: engineer.options)
          return (page.accessRequests, page.nextPageToken)
        }
        let atApprovals = try await Self.all { token in
          let page = try await approvals.unary(
            ApprovalsV1.ApprovalsService.listAccessRequests,
            .init(pageSize: 1, pageToken: token), options: engineer.options)
          return (page.accessRequests, page.nextPageToken)
        }
        #expect(
          Set(atIntake.compactMap { $0.accessRequest?.requestID }) == world.asked[engineer.name])
        #expect(
          Set(atApprovals.compactMap { $0.accessRequest?.requestID }) == world.asked[engineer.name])
      }
    }

    @Test("streams tell of what is the caller's, and of nothing that came between")
    func streams() async throws {
      var world = try await World()
      let lockbox = world.lockbox
      let cast = lockbox.cast
      try await world.grant("brief", by: cast.otherEngineer)
      for tenant in ["acme", "brief", "acme"] {
        try await world.grant(
          tenant, by: tenant == "brief" ? cast.otherEngineer : cast.engineer)
      }
      // The last one is brief's: whoever hears of it has heard of all before it.
      let opened = try await lockbox.open(.init(tenant: "brief"), by: cast.otherEngineer)
      let last = try #require(opened.accessRequest?.requestID)
      _ = try await world.deployment.log(of: "brief", with: "stage_opened", of: last)

      for person in [cast.customer("brief").approver, cast.otherEngineer] {
        let changes = lockbox.client(.approvals).serverStreaming(
          ApprovalsV1.ApprovalsService.watchAccessRequests, .init(afterSequence: 1),
          options: person.options)
        var seen: [String] = []
        for try await change in changes {
          #expect(change.accessRequest?.accessRequest?.tenantID == "brief")
          seen.append(change.accessRequest?.accessRequest?.requestID ?? "")
          if seen.last == last { break }
        }
        #expect(Set(seen) == (world.requests["brief"] ?? []).union([last]))
      }
      let tail = lockbox.client(.audit).serverStreaming(
        AuditV1.AuditService.tailEntries, .init(tenantID: "brief"),
        options: cast.customer("brief").auditor.options)
      var isOver = false
      for try await message in tail {
        for entry in message.entries {
          let event = try EventV1.Event(serialized: entry.event)
          #expect(event.tenantID == "brief")
          isOver = isOver || event.requestID == last && event.payload?.fieldName == "stage_opened"
        }
        if isOver { break }
      }
      #expect(isOver)
    }

    @Test("an idempotency key is its engineer's: another's use of it is not felt")
    func idempotencyKeys() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let ask = Lockbox.Ask()
      let first = try await lockbox.submit(ask)
      let same = try await lockbox.submit(ask, by: lockbox.cast.otherEngineer)
      #expect(same.accessRequest?.requestID != first.accessRequest?.requestID)
      #expect(same.accessRequest?.engineer?.id == lockbox.cast.otherEngineer.name)
      var other = Lockbox.Ask(key: Lockbox.Ask().key, tenant: "acme")
      _ = try await lockbox.submit(other)
      other.tenant = "brief"
      other.justification = "another story"
      #expect(
        try await lockbox.submit(other, by: lockbox.cast.otherEngineer).state == .received)
    }
  }
}
