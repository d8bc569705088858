/// Whose data a method may touch for its caller, once its role is good.
///
/// Foreign and missing must answer alike (I6): where a rule says no, the handler answers
/// `RPCError.notFound`, with the same bytes as for what does not exist.
public enum TenantRule: Sendable, Hashable, CaseIterable {
  /// Nothing of any tenant.
  case none
  /// The provider's people: every tenant's. A tenant's people: their own tenant's.
  case affiliation
  /// As `affiliation`, but who has no other role here than engineer: only what they asked for.
  case requester
  /// A tenant's people: their own tenant's log. The provider's people: the provider's own log only.
  case log
}
