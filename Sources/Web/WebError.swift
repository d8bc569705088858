public import RPC

/// What a handler throws to be answered with: `{"error":{"code":"…","message":"…"}}`.
public struct WebError: Error, Sendable, Hashable {
  public var status: Int
  /// For programs: a constant of the API, such as `NOT_FOUND`.
  public var code: String
  /// For people.
  public var message: String
  public var fields: [WebField]

  public init(_ status: Int, _ code: String, _ message: String, fields: [WebField] = []) {
    self.status = status
    self.code = code
    self.message = message
    self.fields = fields
  }

  /// For what does not exist, and for what is somebody else's (I6).
  public static let notFound = WebError(404, "NOT_FOUND", "there is nothing here")

  static func methodNotAllowed(_ allowed: [String]) -> WebError {
    WebError(
      405, "METHOD_NOT_ALLOWED", "this method is not for this resource",
      fields: [WebField("allow", allowed.joined(separator: ", "))])
  }

  static let malformed = WebError(400, "MALFORMED_REQUEST", "the request is malformed")
  static let headTooLarge = WebError(431, "HEADERS_TOO_LARGE", "the header fields are too large")
  static let targetTooLong = WebError(414, "TARGET_TOO_LONG", "the request's target is too long")
  static func bodyTooLarge(_ limit: Int) -> WebError {
    WebError(413, "BODY_TOO_LARGE", "the body is larger than \(limit) bytes")
  }
  static let tooManyStreams = WebError(
    503, "TOO_MANY_STREAMS", "too many live pages are open",
    fields: [WebField("retry-after", "60")])
  static let tooSlow = WebError(
    503, "UNAVAILABLE", "the answer took too long; try again",
    fields: [WebField("retry-after", "1")])
}

extension WebError {
  /// As a gRPC error is told over HTTP (google.rpc.Code's mapping).
  public init(_ error: RPCError) {
    let status =
      switch error.code {
      case .ok, .unknown, .internal, .dataLoss: 500
      case .cancelled: 499
      case .invalidArgument, .failedPrecondition, .outOfRange: 400
      case .deadlineExceeded: 504
      case .notFound: 404
      case .alreadyExists, .aborted: 409
      case .permissionDenied: 403
      case .unauthenticated: 401
      case .resourceExhausted: 429
      case .unimplemented: 501
      case .unavailable: 503
      }
    self.init(status, error.reason ?? error.code.name, error.message)
    if status == 401 { fields.append(WebField("www-authenticate", "Bearer")) }
    if let delay = error.retryDelay {
      let seconds = delay.components.seconds + (delay.components.attoseconds > 0 ? 1 : 0)
      fields.append(WebField("retry-after", "\(max(1, seconds))"))
    }
  }
}
