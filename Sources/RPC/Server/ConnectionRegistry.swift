internal import Synchronization
internal import TLS

/// The connections of one listener: who they are, so that nobody has too many, and that they are
/// there, so that a drain waits for them.
final class ConnectionRegistry: Sendable {
  private struct State {
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    var perIdentity: [String: Int] = [:]
    var certificates: [ObjectIdentifier: PeerCertificates] = [:]
    var newcomers = Newcomers()
    var isDraining = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
      guard connections.isEmpty else { return [] }
      defer { waiters = [] }
      return waiters
    }
  }
  private let state = Mutex(State())

  enum Entry {
    case added(crowdedOut: ServerConnection?)
    /// The listener drains or is full.
    case refused
  }

  /// Enters a connection, which may be one too many of those that are not proven. Whoever is crowded
  /// out stays entered until it has ended.
  func add(_ connection: ServerConnection, _ limits: ServerLimits) -> Entry {
    state.withLock { state in
      guard !state.isDraining, state.connections.count < limits.connections else {
        return .refused
      }
      let id = ObjectIdentifier(connection)
      state.connections[id] = connection
      state.newcomers.add(id)
      guard state.newcomers.count > limits.unprovenConnections else {
        return .added(crowdedOut: nil)
      }
      return .added(crowdedOut: state.newcomers.takeOldest().flatMap { state.connections[$0] })
    }
  }

  /// A connection is welcome from now on.
  func prove(_ connection: ServerConnection) {
    state.withLock { $0.newcomers.remove(ObjectIdentifier(connection)) }
  }

  /// Counts a connection for its peer; false when the peer has enough.
  func admit(_ identity: String, limit: Int) -> Bool {
    state.withLock { state in
      let count = state.perIdentity[identity, default: 0]
      guard count < limit else { return false }
      state.perIdentity[identity] = count + 1
      return true
    }
  }

  func release(_ identity: String) {
    state.withLock { state in
      guard let count = state.perIdentity[identity] else { return }
      state.perIdentity[identity] = count > 1 ? count - 1 : nil
    }
  }

  /// Keeps what a connection's peer showed, for later looks at it.
  func keep(_ certificates: PeerCertificates, of connection: ServerConnection) {
    state.withLock { $0.certificates[ObjectIdentifier(connection)] = certificates }
  }

  /// The connections whose peers are to be looked at again.
  func peers(
    where isDue: (PeerCertificates) -> Bool
  ) -> [(connection: ServerConnection, certificates: PeerCertificates)] {
    let all = state.withLock { state in
      state.certificates.compactMap { id, certificates in
        state.connections[id].map { ($0, certificates) }
      }
    }
    return all.filter { isDue($0.1) }
  }

  /// Looks at a connection's peer no more; false when that was so already.
  func forget(_ connection: ServerConnection) -> Bool {
    state.withLock { $0.certificates.removeValue(forKey: ObjectIdentifier(connection)) != nil }
  }

  /// Takes a connection out whose handlers have all ended.
  func remove(_ connection: ServerConnection) {
    let waiters = state.withLock { state in
      let id = ObjectIdentifier(connection)
      state.connections[id] = nil
      state.certificates[id] = nil
      state.newcomers.remove(id)
      return state.takeWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Lets no new connection in and returns those that there are.
  func beginDraining() -> [ServerConnection] {
    state.withLock { state in
      state.isDraining = true
      return Array(state.connections.values)
    }
  }

  var all: [ServerConnection] {
    state.withLock { Array($0.connections.values) }
  }

  /// Ends the wait for connections that do not end.
  func giveUp() {
    let waiters = state.withLock { state in
      state.connections = [:]
      state.certificates = [:]
      state.newcomers = Newcomers()
      return state.takeWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when no connection is left.
  func waitUntilEmpty() async {
    await withCheckedContinuation { continuation in
      let waiters = state.withLock { state in
        state.waiters.append(continuation)
        return state.takeWaiters()
      }
      for waiter in waiters { waiter.resume() }
    }
  }
}

extension PeerIdentity {
  /// One key for all connections of one peer: its SPIFFE ID, else its certificate.
  var connectionKey: String {
    spiffeID ?? leafSHA256.map { String($0, radix: 16) }.joined(separator: ":")
  }
}
