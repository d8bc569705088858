/// Which side of a call streams.
public enum MethodKind: Hashable, Sendable {
  case unary
  case serverStreaming
  case clientStreaming
  case bidirectionalStreaming
}

/// What `option idempotency_level` promises about a method.
public enum Idempotency: Hashable, Sendable {
  /// Nothing: never repeat a call whose outcome is unknown.
  case unknown
  /// Twice is the same as once.
  case idempotent
  /// Reads only; implies idempotent.
  case noSideEffects
}

/// One rpc of a service, with its types.
public struct Method<Request: Message, Response: Message>: Sendable {
  public let descriptor: MethodDescriptor

  public init(service: String, name: String, kind: MethodKind, idempotency: Idempotency) {
    descriptor = MethodDescriptor(
      service: service, name: name, kind: kind, idempotency: idempotency,
      request: Request.descriptor, response: Response.descriptor)
  }

  /// The full name of the service, for instance `lockbox.intake.v1.IntakeService`.
  public var service: String { descriptor.service }
  public var name: String { descriptor.name }
  /// The `:path` of its calls: `/package.Service/Method`.
  public var path: String { descriptor.path }
  public var kind: MethodKind { descriptor.kind }
  public var idempotency: Idempotency { descriptor.idempotency }
}

/// One rpc of a service, whatever its types.
public struct MethodDescriptor: Sendable {
  /// The full name of the service.
  public let service: String
  public let name: String
  /// The `:path` of its calls: `/package.Service/Method`.
  public let path: String
  public let kind: MethodKind
  public let idempotency: Idempotency
  public let request: MessageDescriptor
  public let response: MessageDescriptor

  init(
    service: String, name: String, kind: MethodKind, idempotency: Idempotency,
    request: MessageDescriptor, response: MessageDescriptor
  ) {
    self.service = service
    self.name = name
    path = "/\(service)/\(name)"
    self.kind = kind
    self.idempotency = idempotency
    self.request = request
    self.response = response
  }
}
