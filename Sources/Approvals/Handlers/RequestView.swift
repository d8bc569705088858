internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Storage

/// What a caller may see of what it asks to list.
struct RequestView: Hashable, Sendable {
  private let tenant: TenantID?
  private let engineer: Subject?
  private let states: Set<RequestState.Name>
  private let grants: RequestQuery.Grants
  private let onlyOpenReviews: Bool

  /// - Parameter tenant: Empty: every tenant that the caller may see.
  /// - Throws: `notFound` for a tenant that is not the caller's to see, or is none (I6).
  init(
    caller: Caller, tenant: String, states: [CommonV1.AccessRequestState] = [],
    grants: RequestQuery.Grants = .whether, onlyOpenReviews: Bool = false
  ) throws {
    if tenant.isEmpty {
      self.tenant = caller.boundTenant
    } else {
      guard let asked = TenantID(tenant), caller.maySee(asked, requestedBy: caller.subject) else {
        throw RPCError.notFound("tenant")
      }
      self.tenant = asked
    }
    engineer = caller.isBoundToOwnRequests ? caller.subject : nil
    var violations = Violations()
    self.states = Set(
      states.enumerated().compactMap { index, state in
        violations.unwrap(
          RequestState.Name(rawValue: state.rawValue), "states[\(index)]", "is no state")
      })
    self.grants = grants
    self.onlyOpenReviews = onlyOpenReviews
    try violations.check()
  }

  /// What a page token is bound to.
  var fingerprint: [String] {
    [
      tenant?.text ?? "", engineer?.issuer ?? "", engineer?.id ?? "",
      states.map { "\($0.rawValue)" }.sorted().joined(separator: ","), "\(grants)",
      "\(onlyOpenReviews)",
    ]
  }

  func includes(_ tenant: TenantID) -> Bool { self.tenant == nil || self.tenant == tenant }

  func query(_ page: PageRequest, at now: Timestamp) throws -> RequestQuery {
    let before = try page.after.map { key in
      guard let id = RequestID(pageKey: key) else { throw PageToken.Failure.malformed }
      return id
    }
    return RequestQuery(
      tenant: tenant, engineer: engineer, states: states, grants: grants,
      onlyOpenReviews: onlyOpenReviews, now: now, before: before, limit: page.size + 1)
  }
}
