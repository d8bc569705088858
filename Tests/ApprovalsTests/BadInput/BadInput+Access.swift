internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit

@testable internal import Approvals

extension BadInput {
  private typealias Intake = IntakeV1.IntakeService
  private typealias Approvals = ApprovalsV1.ApprovalsService
  private typealias Grants = ApprovalsV1.GrantService

  /// Unknown and foreign: the same words for both, and no detail.
  static let unknownRows: [BadInput] =
    ["foreign", "missing", "malformed"].flatMap { unknown($0) } + otherUnknownRows

  private static func unknown(_ kind: String) -> [BadInput] {
    @Sendable func request(_ world: BadInputWorld) -> String {
      switch kind {
      case "foreign": world.targets.foreign
      case "missing": world.targets.missing
      default: "00000000-0000-0000-0000-000000000000"
      }
    }
    @Sendable func grant(_ world: BadInputWorld) -> String {
      kind == "foreign" ? world.targets.foreignGrant : request(world)
    }
    let tenant = kind == "foreign" ? "fabrikam" : kind == "missing" ? "nobody" : "No Body"
    return [
      .missing("access request", "a \(kind) request, at approvals") { world in
        _ = try await world.approvals.people.unary(
          Approvals.getAccessRequest, .init(requestID: request(world)),
          options: world.approvals.owner())
      },
      .missing("access request", "a decision on a \(kind) request") { world in
        _ = try await world.approvals.people.unary(
          Approvals.decideAccessRequest,
          .init(
            requestID: request(world), verdict: .approve,
            requestDigest: world.targets.waitingDigest), options: world.approvals.owner())
      },
      .missing("grant", "a \(kind) grant") { world in
        _ = try await world.approvals.people.unary(
          Grants.getGrant, .init(grantID: grant(world)), options: world.approvals.owner())
      },
      .missing("grant", "revoking a \(kind) grant") { world in
        _ = try await world.approvals.people.unary(
          Approvals.revokeGrant, .init(grantID: grant(world)),
          options: world.approvals.owner())
      },
      .missing("grant", "a token for a \(kind) grant") { world in
        _ = try await world.approvals.people.unary(
          Grants.issueAccessToken, .init(grantID: grant(world)),
          options: world.approvals.engineer("emil"))
      },
      .missing("tenant", "requests of a \(kind) tenant") { world in
        _ = try await world.approvals.people.unary(
          Approvals.listAccessRequests, .init(tenantID: tenant),
          options: world.approvals.owner())
      },
      .missing("tenant", "a \(kind) tenant") { world in
        _ = try await world.approvals.people.unary(
          ApprovalsV1.TenantService.getTenant, .init(tenantID: tenant),
          options: world.approvals.admin())
      },
      .missing("access request", "a \(kind) request, at intake") { world in
        _ = try await world.intake.unary(
          Intake.getAccessRequest, .init(requestID: request(world)),
          options: world.approvals.engineer())
      },
    ]
  }

  private static let otherUnknownRows: [BadInput] = [
    .missing("tenant", "a submission for a tenant that is none") { world in
      var request = BadInputWorld.submission("new")
      request.tenantID = "nobody"
      try await world.submit(request)
    },
    .missing("policy", "a policy that is none") { world in
      _ = try await world.approvals.people.unary(
        ApprovalsV1.PolicyService.getPolicy, .init(workload: "chat"),
        options: world.approvals.manager())
    },
  ]

  /// Not allowed, and never why.
  static let accessRows: [BadInput] =
    tokenRows + [
      .denied("an engineer who decides") { world in
        try await decide(world, as: world.approvals.engineer())
      },
      .denied("a manager whom the stage does not name") { world in
        try await decide(
          world,
          as: world.approvals.installation.bearer(
            world.approvals.installation.provider, "max-2", [.manager], groups: ["cooks"]))
      },
      .denied("the engineer themself as a manager") { world in
        try await decide(
          world,
          as: world.approvals.installation.bearer(
            world.approvals.installation.provider, "erin", [.manager], groups: ["managers"]))
      },
      .denied("an approver at the managers' stage") { world in
        try await decide(world, as: world.approvals.owner())
      },
      .denied("a role that only the provider's issuer can give") { world in
        try await decide(
          world,
          as: world.approvals.installation.bearer(
            world.approvals.installation.contoso, "oda", [.manager], groups: ["managers"]))
      },
    ]

  private static let tokenRows: [BadInput] = [
    .unauthenticated("nobody") { try await decide($0, as: .init()) },
    .unauthenticated("a token that is none") { world in
      try await decide(world, as: .init(metadata: ["authorization": "Bearer a.b.c"]))
    },
    .unauthenticated("a token that is over") { world in
      let issuer = world.approvals.installation.provider
      let token = issuer.token(
        subject: "mia", roles: ["manager"], groups: ["managers"],
        at: world.approvals.clock.now() + .hours(-3))
      try await decide(world, as: .init(metadata: ["authorization": "Bearer \(token)"]))
    },
    .unauthenticated("a token of another issuer's key") { world in
      let installation = world.approvals.installation
      var forged = installation.provider
      forged.keys = installation.contoso.keys
      try await decide(world, as: installation.bearer(forged, "mia", [.manager]))
    },
  ]

  static func decide(
    _ world: BadInputWorld, as who: CallOptions, request: String? = nil, digest: [UInt8]? = nil,
    stage: UInt32 = 0, _ verdict: CommonV1.Verdict = .approve
  ) async throws {
    _ = try await world.approvals.people.unary(
      Approvals.decideAccessRequest,
      .init(
        requestID: request ?? world.targets.waiting, verdict: verdict,
        requestDigest: digest ?? world.targets.waitingDigest, stage: stage), options: who)
  }
}
