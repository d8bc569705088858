public import Domain
public import LockboxProto

/// Who caused an event, how that was proved, and which trace it belongs to.
public struct EventOrigin: Hashable, Sendable {
  public let actor: EventV1.Actor
  public let trace: EventV1.TraceContext?

  public init(actor: EventV1.Actor, trace: EventV1.TraceContext?) {
    self.actor = actor
    self.trace = trace
  }

  /// A person, or what acts for people with a service token, in the role that the call demanded.
  public static func person(
    _ subject: Subject, as role: Role, isAutomation: Bool = false,
    trace: EventV1.TraceContext? = nil
  ) -> EventOrigin {
    EventOrigin(
      actor: EventV1.Actor(
        subject: .init(subject), role: role.rawValue,
        authentication: isAutomation ? .serviceToken : .bearerToken),
      trace: trace)
  }

  /// A service that proved itself with its certificate.
  public static func service(
    _ subject: Subject, trace: EventV1.TraceContext? = nil
  ) -> EventOrigin {
    EventOrigin(
      actor: EventV1.Actor(
        subject: .init(subject), role: "service", authentication: .clientCertificate),
      trace: trace)
  }

  /// The system by itself.
  public static func system(trace: EventV1.TraceContext? = nil) -> EventOrigin {
    EventOrigin(actor: EventV1.Actor(role: "system", authentication: .system), trace: trace)
  }
}
