internal import AccessToken
internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import TLS

/// `lockbox.approvals.v1.GrantService`.
struct GrantHandlers: Sendable {
  let desk: Desk
  let tokens: TokenDesk
  let receipts: any ReceiptSource

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.GrantService.getGrant, get)
    router.unary(ApprovalsV1.GrantService.listGrants, list)
    router.unary(ApprovalsV1.GrantService.getGrantEvidence, evidence)
    router.unary(ApprovalsV1.GrantService.issueAccessToken, issueToken)
    router.unary(ApprovalsV1.GrantService.returnGrant, returnGrant)
  }

  private func get(
    _ request: ApprovalsV1.GetGrantRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.GetGrantResponse {
    let caller = try context.caller()
    guard let id = GrantID(request.grantID),
      let stored = try await desk.store.read({ try $0.request(ofGrant: id) }),
      stored.isVisible(to: caller)
    else { throw RPCError.notFound("grant") }
    return .init(grant: .init(stored, at: desk.now))
  }

  private func list(
    _ request: ApprovalsV1.ListGrantsRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListGrantsResponse {
    let view = try RequestView(
      caller: try context.caller(), tenant: request.tenantID,
      grants: request.liveOnly ? .live : .given)
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken, query: ["grants"] + view.fingerprint)
    let now = desk.now
    let stored = try await desk.store.read { store in
      try store.requests(try view.query(page, at: now))
    }
    let (elements, next) = page.cut(stored) { $0.record.request.id.pageKey }
    return .init(grants: elements.compactMap { .init($0, at: now) }, nextPageToken: next)
  }

  private func evidence(
    _ request: ApprovalsV1.GetGrantEvidenceRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.GetGrantEvidenceResponse {
    let caller = try context.caller()
    guard let id = GrantID(request.grantID),
      let (stored, keys) = try await desk.store.read({ store in
        try store.request(ofGrant: id).map { stored in
          let ids = stored.record.decisions.compactMap(\.signature?.key)
          let tenant = stored.record.request.tenant
          return (stored, try ids.compactMap { try store.key($0, of: tenant) })
        }
      }), stored.isVisible(to: caller), let grant = stored.record.grant
    else { throw RPCError.notFound("grant") }
    guard let event = stored.approvalEvent else {
      throw StoredMessageError(message: "grant without its event", id: id.description)
    }
    let record = stored.record
    return .init(
      evidence: .init(
        accessRequest: stored.accessRequest,
        stages: (record.snapshot?.stages ?? []).enumerated().map { index, stage in
          .init(stage, approvals: record.approvals(at: index))
        },
        decisions: record.decisions.map { .init($0, side: record.side(of: $0.stage)) },
        keys: keys.map { .init($0) }, grant: .init(grant, of: record),
        receipt: try await receipts.receipt(
          of: event, in: record.request.tenant, cosigned: nil),
        longestAccess: record.snapshot.map { .init($0.longestAccess) },
        extendedGrantEnd: record.extended.map { .init($0.end) }))
  }

  private func issueToken(
    _ request: ApprovalsV1.IssueAccessTokenRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.IssueAccessTokenResponse {
    let caller = try context.caller()
    guard let id = GrantID(request.grantID) else { throw RPCError.notFound("grant") }
    let issued = try await tokens.issue(
      for: id, to: caller, bound: try confirmation(request.dpopProof, context),
      origin: EventOrigin(caller, in: context))
    return .init(
      accessToken: issued.token, expireTime: .init(issued.expireTime), receipt: issued.receipt)
  }

  /// What the caller proves to hold: the key of a proof, or else the certificate of the connection.
  private func confirmation(
    _ proof: String, _ context: ServerContext
  ) throws(RPCError) -> Confirmation? {
    guard !proof.isEmpty else {
      return context.peer.map { .certificate(sha256: $0.leafSHA256) }
    }
    // The authorizer has let this very token in.
    let token = (context.metadata["authorization"] ?? "").dropFirst("bearer ".count)
    do {
      let proof = try DPoPProof(
        proof, method: "POST", path: context.path, token: String(token), at: desk.now)
      return .key(thumbprint: proof.thumbprint)
    } catch {
      throw .reasoned(
        .failedPrecondition, "the proof of possession does not hold for this call",
        reason: "PROOF_INVALID")
    }
  }

  private func returnGrant(
    _ request: ApprovalsV1.ReturnGrantRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ReturnGrantResponse {
    let caller = try context.caller()
    let stored = try await desk.change(
      grant: GrantID(request.grantID), by: caller, in: context,
      .returnGrant(by: caller.subject))
    return .init(grant: .init(stored, at: desk.now))
  }
}
