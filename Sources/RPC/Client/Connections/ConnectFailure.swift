internal import Glibc
internal import NIOCore
internal import TLS

/// Why a connection to one address could not be used, as the end of a sentence that begins with
/// "cannot reach approvals at 127.0.0.1:7443:".
enum ConnectFailure: Error {
  case timedOut(Duration)
  /// getaddrinfo's words.
  case unresolved(String)
  case wrongProtocol(String)
  /// The server closed the connection.
  case closed
  /// After its handshake and before its settings: in TLS 1.3 this is how servers refuse that give
  /// no reason.
  case closedAfterHandshake
  case keepaliveTimeout(Duration)
  /// The server answers, and says that it does not serve.
  case notServing
  /// What ran on a connection has outlived the connection's age and the grace after it.
  case tooOld
  /// What the transport threw.
  case other(any Error)

  /// - Parameter error: nil when the transport ended without saying why.
  init(_ error: (any Error)?) {
    switch error {
    case nil: self = .closed
    case let failure as ConnectFailure: self = failure
    case let error?: self = .other(error)
    }
  }

  /// Whether the other end went away without saying why.
  var isSilent: Bool {
    switch self {
    case .closed, .closedAfterHandshake: true
    case .other(let error as TLSConnectionError): error.reason == .truncated
    case .timedOut, .unresolved, .wrongProtocol, .keepaliveTimeout, .notServing, .tooOld, .other:
      false
    }
  }
}

extension ConnectFailure: CustomStringConvertible {
  var description: String {
    switch self {
    case .timedOut(let limit):
      "no answer within \(limit); check the address and the firewall"
    case .unresolved(let why): "the name does not resolve (\(why)); check it"
    case .wrongProtocol(let name): "the server speaks '\(name)', not HTTP/2; is the port right?"
    case .closed: "the server closed the connection"
    case .closedAfterHandshake:
      "the server closed the connection right after the TLS handshake; does it accept our certificate?"
    case .keepaliveTimeout(let limit): "no answer to a keep-alive ping within \(limit)"
    case .notServing: "the server says that it is not serving"
    case .tooOld: "it had reached its age"
    case .other(let error): Self.describe(error)
    }
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case let error as IOError:
      error.errnoCode == ECONNREFUSED
        ? "connection refused; is it running?"
        : String(cString: strerror(error.errnoCode)).lowercased()
    case ChannelError.connectTimeout: "no answer in time; check the address and the firewall"
    case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.inputClosed,
      ChannelError.outputClosed:
      "the server closed the connection"
    case let error as TLSConnectionError: "\(error)"
    case let error as TLSError: "\(error)"
    case let error as HTTP2SessionError: "the server does not keep to HTTP/2: \(error)"
    default: "\(error)"
    }
  }
}
