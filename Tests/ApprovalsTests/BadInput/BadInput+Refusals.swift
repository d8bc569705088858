internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto

@testable internal import Approvals

extension BadInput {
  /// Decisions and the like that come too late or twice, or are on something else.
  static let refusalRows: [BadInput] = [
    .refused("a decision too late", "REQUEST_EXPIRED", state: "EXPIRED") { world in
      let record = try await world.approvals.people.unary(
        ApprovalsV1.ApprovalsService.getAccessRequest, .init(requestID: world.targets.late),
        options: world.approvals.manager())
      try await decide(
        world, as: world.approvals.manager(), request: world.targets.late,
        digest: record.accessRequest?.requestDigest)
    },
    .refused("a decision on a closed request", "REQUEST_CLOSED", state: "DENIED") { world in
      try await decide(
        world, as: world.approvals.manager("max"), request: world.targets.denied,
        digest: world.targets.deniedDigest)
    },
    .refused(
      "a decision on another digest", "DIGEST_MISMATCH", state: "AWAITING_PROVIDER"
    ) { world in
      try await decide(
        world, as: world.approvals.manager(), digest: world.targets.deniedDigest)
    },
    .refused("a decision at another stage", "STAGE_NOT_OPEN", state: "AWAITING_PROVIDER") { world in
      try await decide(world, as: world.approvals.manager(), stage: 1)
    },
    .refused(
      "another decision by the same person", "ALREADY_DECIDED", state: "DENIED",
      code: .alreadyExists
    ) { world in
      try await decide(
        world, as: world.approvals.manager(), request: world.targets.denied,
        digest: world.targets.deniedDigest)
    },
    .refused("a token for a revoked grant", "GRANT_NOT_LIVE", state: "REVOKED") { world in
      _ = try await world.approvals.people.unary(
        ApprovalsV1.GrantService.issueAccessToken, .init(grantID: world.targets.revokedGrant),
        options: world.approvals.engineer())
    },
    .refused("giving back a revoked grant", "GRANT_NOT_LIVE", state: "REVOKED") { world in
      _ = try await world.approvals.people.unary(
        ApprovalsV1.GrantService.returnGrant, .init(grantID: world.targets.revokedGrant),
        options: world.approvals.engineer())
    },
    .refused(
      "an idempotency key with other content", "IDEMPOTENCY_KEY_REUSED", code: .alreadyExists
    ) { world in
      var request = BadInputWorld.submission("used")
      request.justification = "another ticket"
      try await world.submit(request)
    },
    BadInput(name: "a message above 64 KiB", code: .resourceExhausted) { world in
      var request = BadInputWorld.submission("new")
      request.justification = String(repeating: "a", count: 65 << 10)
      try await world.submit(request)
    },
  ]
}
