/// The two doors of a service.
public enum ListenerKind: String, Sendable, Hashable, CaseIterable {
  /// For people's programs, with bearer tokens.
  case people
  /// For services, with client certificates.
  case service
}
