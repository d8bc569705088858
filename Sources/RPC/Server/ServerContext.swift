public import NIOCore
public import TLS

/// What a handler and the interceptors know about the call they serve.
public struct ServerContext: Sendable {
  let connection: ConnectionInfo

  /// `/package.Service/Method`.
  public let path: String

  private let received: ReceivedMetadata?
  private let due: LoopTime?

  /// Whether the one request of the call came compressed. Those of a stream say so each
  /// (`RequestSequence.AsyncIterator.isCompressed`).
  public let requestIsCompressed: Bool

  /// The fields of the answer that are the application's. Headers leave with the first message (or
  /// with the status when there is none), trailers with the status.
  public let response: ResponseMetadata

  private var values: [(key: ObjectIdentifier, value: any Sendable)] = []

  init(
    connection: ConnectionInfo, path: String, metadata: ReceivedMetadata?,
    deadline: LoopTime?, response: ResponseMetadata, requestIsCompressed: Bool = false
  ) {
    self.connection = connection
    self.path = path
    received = metadata
    due = deadline
    self.response = response
    self.requestIsCompressed = requestIsCompressed
  }

  /// The context of a call that comes from no connection: for tests of handlers and interceptors.
  public init(
    path: String, peer: PeerIdentity? = nil, metadata: Metadata = [:],
    deadline: ContinuousClock.Instant? = nil
  ) {
    self.init(
      connection: ConnectionInfo(peer: peer, remoteAddress: nil), path: path,
      metadata: ReceivedMetadata(metadata), deadline: deadline.map(LoopTime.init),
      response: ResponseMetadata(nil))
  }

  /// What the caller sent along, without the protocol's own fields.
  public var metadata: Metadata { received?.metadata ?? Metadata() }

  /// When the call will be cancelled; nil for a stream whose caller set none.
  public var deadline: ContinuousClock.Instant? { due?.instant }

  /// The certificate of the caller, verified in the handshake; nil without one.
  public var peer: PeerIdentity? { connection.peer }

  /// Where the connection comes from.
  public var remoteAddress: SocketAddress? { connection.remoteAddress }

  /// What an outer interceptor handed on.
  public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value? {
    get {
      let id = ObjectIdentifier(key)
      for entry in values where entry.key == id { return entry.value as? Key.Value }
      return nil
    }
    set {
      let id = ObjectIdentifier(key)
      values.removeAll { $0.key == id }
      if let newValue { values.append((id, newValue)) }
    }
  }
}

/// What all calls of a connection share.
final class ConnectionInfo: Sendable {
  let peer: PeerIdentity?
  let remoteAddress: SocketAddress?

  init(peer: PeerIdentity?, remoteAddress: SocketAddress?) {
    self.peer = peer
    self.remoteAddress = remoteAddress
  }
}
