internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto

@testable internal import Approvals

extension BadInput {
  private typealias Intake = IntakeV1.IntakeService
  private typealias Approvals = ApprovalsV1.ApprovalsService

  /// Missing, too long, malformed, control characters.
  static let fieldRows: [BadInput] = [
    .fields(
      "a submission of nothing",
      [
        "idempotency_key", "tenant_id", "workload", "reason_code", "justification", "scope",
        "duration",
      ]
    ) { try await $0.submit(.init()) },
    .fields(
      "a submission with everything wrong",
      [
        "idempotency_key", "tenant_id", "workload", "reason_code", "justification", "ticket",
        "scope.resources[0]", "scope.resources[1]", "scope.resources[2]", "scope.resources[3]",
        "scope.actions[1]", "duration",
      ]
    ) { world in
      try await world.submit(
        .init(
          idempotencyKey: "a b", tenantID: "Contoso", workload: text(64),
          justification: text(4_097), ticket: "\u{7}",
          scope: .init(
            resources: [text(513), "a//b", "a/../b", "a\u{202E}b"], actions: [.read, .unspecified]
          ), duration: .init(seconds: 1, nanos: -1)))
    },
    .fields("a scope with too much in it", ["scope.resources", "scope.actions"]) { world in
      var request = BadInputWorld.submission("new")
      request.scope = .init(
        resources: (0..<65).map { "r\($0)" }, actions: .init(repeating: .read, count: 17))
      try await world.submit(request)
    },
    .fields("a scope without anything in it", ["scope.resources", "scope.actions"]) { world in
      var request = BadInputWorld.submission("new")
      request.scope = .init()
      try await world.submit(request)
    },
    .fields("access for too long", ["duration"]) { world in
      var request = BadInputWorld.submission("new")
      request.duration = .init(seconds: .max)
      try await world.submit(request)
    },
    .fields(
      "a workload without a policy, for longer than the tenant allows",
      ["workload", "duration"]
    ) { world in
      var request = BadInputWorld.submission("new")
      request.workload = "chat"
      request.duration = .init(seconds: 28_800)
      try await world.submit(request)
    },
    .fields(
      "a decision with terms that are none",
      [
        "terms.scope.resources[0]", "terms.scope.actions[1]", "terms.duration",
        "terms.start_time",
      ]
    ) { world in
      _ = try await world.approvals.people.unary(
        Approvals.decideAccessRequest,
        .init(
          requestID: world.targets.waiting, verdict: .approve,
          requestDigest: world.targets.deniedDigest,
          terms: .init(
            scope: .init(resources: ["a//b"], actions: [.read, .unspecified]),
            duration: .init(seconds: 0), startTime: .init(seconds: .max))),
        options: world.approvals.manager())
    },
    .fields("a decision with everything wrong", ["verdict", "request_digest", "comment", "stage"]) {
      world in
      _ = try await world.approvals.people.unary(
        Approvals.decideAccessRequest,
        .init(
          requestID: world.targets.waiting, comment: "a\rb", requestDigest: [1, 2, 3],
          stage: .max), options: world.approvals.manager())
    },
    .fields("a comment that is too long, on a withdrawal", ["comment"]) { world in
      _ = try await world.intake.unary(
        Intake.withdrawAccessRequest,
        .init(requestID: world.targets.missing, comment: text(4_097)),
        options: world.approvals.engineer())
    },
    .fields("a comment that is too long, on a revocation", ["comment"]) { world in
      _ = try await world.approvals.people.unary(
        Approvals.revokeGrant, .init(grantID: world.targets.grant, comment: text(4_097)),
        options: world.approvals.owner())
    },
    .fields("states that are none", ["states[1]"]) { world in
      _ = try await world.approvals.people.unary(
        Approvals.listAccessRequests, .init(states: [.denied, .unspecified]),
        options: world.approvals.owner())
    },
    .fields("a page that is too large", ["page_size"]) { world in
      _ = try await world.intake.unary(
        Intake.listAccessRequests, .init(pageSize: .max), options: world.approvals.engineer())
    },
    .fields("a page token of nobody", ["page_token"]) { world in
      _ = try await world.approvals.people.unary(
        ApprovalsV1.TenantService.listTenants, .init(pageToken: "AQ"),
        options: world.approvals.operatorOptions())
    },
    .fields(
      "a tenant with everything wrong",
      [
        "settings.tenant_id", "settings.display_name", "settings.request_lifetime",
        "settings.longest_access", "settings.contacts[0]", "settings.approvers.quorum",
      ]
    ) { world in
      _ = try await world.approvals.people.unary(
        ApprovalsV1.TenantService.applyTenant,
        .init(
          settings: .init(
            tenantID: "", displayName: text(257), lockboxEnabled: true,
            requestLifetime: .init(seconds: 349_200), longestAccess: .init(seconds: 0, nanos: .max),
            approvers: .init(people: ["oda"], quorum: 0), contacts: ["nobody"])),
        options: world.approvals.operatorOptions())
    },
  ]

  private static func text(_ length: Int) -> String { String(repeating: "a", count: length) }
}
