/// Who may call one method of one service. What is not named is nobody.
public struct AuthorizationRow: Sendable, Hashable {
  /// The service that serves it.
  public let service: ServiceName
  /// `/package.Service/Method`
  public let path: String
  /// Where it exists; elsewhere it is `UNIMPLEMENTED`.
  public let listeners: Set<ListenerKind>
  public let callers: Callers
  public let tenants: TenantRule
  /// Whether service tokens may call it, where their scope names it. What decides, or says who may
  /// decide, wants a human.
  public let allowsAutomation: Bool
  /// Its calls may last: they end when the service stops.
  public let isStream: Bool

  public init(
    service: ServiceName, path: String, listeners: Set<ListenerKind>, callers: Callers,
    tenants: TenantRule, allowsAutomation: Bool, isStream: Bool
  ) {
    self.service = service
    self.path = path
    self.listeners = listeners
    self.callers = callers
    self.tenants = tenants
    self.allowsAutomation = allowsAutomation
    self.isStream = isStream
  }

  /// Who may call. There is no default and no wildcard but `anybody`.
  public enum Callers: Sendable, Hashable {
    /// Whoever completes the TLS handshake: for methods that tell nothing.
    case anybody
    /// People with at least one of these roles.
    case people(Set<Role>)
    /// These services.
    case services(Set<ServiceName>)
    /// On the people listener people with at least one of these roles, on the service listener these
    /// services.
    case either(Set<Role>, Set<ServiceName>)
  }
}
