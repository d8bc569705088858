internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  /// Design §4, I6.
  // Break: Approvals/Handlers/RequestView.swift, `fingerprint`: leave out the tenant or the
  // engineer; Audit/Handlers/EntryPage.swift: leave out the log.
  @Suite("Invariants: whose page")
  struct PageTokenTests {
    /// A list whose pages one caller asks for with the token that another one got.
    struct Probe: Sendable {
      let path: String
      /// The token of the owner's second page.
      let token: @Sendable (Lockbox) async throws -> String
      /// What each of the others gets with a token.
      let ask: @Sendable (Lockbox, String) async throws -> [Answer]
    }

    /// - Parameter asked: What the others ask for, where the request names whose list is meant.
    private static func page<Request, Response>(
      _ service: ServiceName, _ method: Method<Request, Response>,
      owner: @escaping @Sendable (Cast) -> Person,
      others: @escaping @Sendable (Cast) -> [Person] = { _ in [] },
      _ request: @escaping @Sendable (String) -> Request,
      next: @escaping @Sendable (Response) -> String,
      asked: (@Sendable (String) -> Request)? = nil
    ) -> Probe {
      Probe(
        path: method.path,
        token: { lockbox in
          let page = try await lockbox.client(service).unary(
            method, request(""), options: owner(lockbox.cast).options)
          return next(page)
        },
        ask: { lockbox, token in
          var answers: [Answer] = []
          for person in others(lockbox.cast) {
            answers.append(
              try await ScenarioProbe.answer(
                lockbox.client(service), method, (asked ?? request)(token), as: person))
          }
          return answers
        })
    }

    private typealias ScenarioProbe = ScenarioTests.Probe
    private static let acme: @Sendable (Cast) -> Person = { $0.customer("acme").auditor }
    private static let strangers: @Sendable (Cast) -> [Person] = {
      [$0.customer("brief").auditor, $0.customer("brief").approver]
    }

    static let probes: [Probe] = [
      page(
        .intake, IntakeV1.IntakeService.listAccessRequests, owner: { $0.engineer },
        others: { [$0.otherEngineer, $0.managers[0]] },
        { .init(pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken }),
      page(
        .approvals, ApprovalsV1.ApprovalsService.listAccessRequests, owner: acme,
        others: { strangers($0) + [$0.engineer, $0.managers[0]] },
        { .init(pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken }),
      page(
        .approvals, ApprovalsV1.GrantService.listGrants, owner: acme,
        others: { strangers($0) + [$0.engineer, $0.managers[0]] },
        { .init(pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken }),
      page(
        .approvals, ApprovalsV1.TenantService.listTenants, owner: { $0.operator },
        others: { [$0.customer("brief").admin] },
        { .init(pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken }),
      page(
        .approvals, ApprovalsV1.TenantService.listTenantVersions,
        owner: { $0.customer("acme").admin }, others: { [$0.customer("brief").admin] },
        { .init(tenantID: "acme", pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken },
        asked: { .init(tenantID: "brief", pageSize: 1, pageToken: $0) }),
      page(
        .approvals, ApprovalsV1.SubjectLinkService.listLinkedPeople,
        owner: { $0.customer("acme").admin }, others: { [$0.customer("brief").admin] },
        { .init(tenantID: "acme", pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken },
        asked: { .init(tenantID: "brief", pageSize: 1, pageToken: $0) }),
      page(
        .audit, AuditV1.AuditService.listEntries, owner: acme,
        others: { [$0.customer("brief").auditor] },
        { .init(pageSize: 1, pageToken: $0, tenantID: "acme") }, next: { $0.nextPageToken },
        asked: { .init(pageSize: 1, pageToken: $0, tenantID: "brief") }),
      // The same lists for everybody who may read them; nothing in them is a tenant's secret.
      page(
        .approvals, ApprovalsV1.PolicyService.listPolicies, owner: { $0.operator },
        { .init(pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken }),
      page(
        .approvals, ApprovalsV1.PolicyService.listPolicyVersions, owner: { $0.operator },
        { .init(workload: "mail", pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken }),
      page(
        .approvals, ApprovalsV1.PolicyService.replayAccessRequests, owner: { $0.operator },
        {
          .init(
            policy: Lockbox.policies[0], startTime: .init(SystemClock().now() - .hours(24)),
            pageSize: 1, pageToken: $0)
        }, next: { $0.nextPageToken }),
      page(
        .expiry, ExpiryV1.ExpiryService.listDeadlines, owner: { $0.operator },
        { .init(pageSize: 1, pageToken: $0) }, next: { $0.nextPageToken }),
    ]

    @Test("a page token is its caller's: others are answered as to one of nobody")
    func tokens() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      for _ in 0..<2 { _ = try await lockbox.grant(.init()) }
      for tenant in ["acme", "brief"] {
        let changed = Lockbox.tenant(tenant, lifetime: .hours(13))
        try await lockbox.apply(changed, by: lockbox.cast.customer(tenant).admin)
      }
      let acme = lockbox.cast.customer("acme").admin
      for pair in [["a", "b"], ["c", "d"]] {
        _ = try await lockbox.client(.approvals).unary(
          ApprovalsV1.SubjectLinkService.linkSubjects,
          .init(
            tenantID: "acme", subjects: pair.map { .init(issuer: acme.subject.issuer, id: $0) }),
          options: acme.options)
      }
      var policy = Lockbox.policies[0]
      policy.stages[0].name = "others"
      try await lockbox.apply(policy)
      for probe in Self.probes {
        var token = ""
        // Expiry hears of the deadlines a moment later.
        let isLong = try await eventually {
          token = try await probe.token(lockbox)
          return !token.isEmpty
        }
        #expect(isLong, "\(probe.path)")
        let expected = try await probe.ask(lockbox, "bm90aGluZw")
        #expect(try await probe.ask(lockbox, token) == expected, "\(probe.path)")
        for case .message in expected { Issue.record("\(probe.path) takes any token") }
      }
    }
  }
}
