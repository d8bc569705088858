public import RPC
public import ServiceKit
public import TLS

/// A field of a request's or an answer's head; names are compared without regard to case.
public struct WebField: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What a handler is asked.
public struct WebRequest: Sendable {
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// HEAD comes to a handler as this.
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
  }

  public let method: Method
  /// Decoded, between the slashes.
  public let segments: [String]
  /// What stands where the pattern says `:name`.
  public let parameters: [String: String]
  /// What stands where the pattern says `*`.
  public let rest: ArraySlice<String>
  /// Decoded names and values, in their order.
  public let query: [WebField]
  public let fields: [WebField]
  public let body: [UInt8]
  /// The address that the connection comes from; nil where it has none.
  public internal(set) var address: String?
  /// The certificate that the caller showed, verified; nil without one.
  public let peer: PeerIdentity?
  /// The caller's trace, where it named one.
  public let trace: TraceContext?
  let admitted: Caller?

  /// Who calls, as the route's rule let it in.
  ///
  /// - Throws: where the route is open to anybody.
  public func caller() throws(RPCError) -> Caller {
    guard let admitted else { throw .unauthenticated }
    return admitted
  }

  /// The first value of a parameter of the query.
  public func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// The body as a form.
  ///
  /// - Throws: 415 for a body of another type, 400 for one that does not decode.
  public func form() throws(WebError) -> WebForm { try WebForm(self) }

  /// The first value of a header field.
  ///
  /// - Parameter name: in lower case.
  public func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}
