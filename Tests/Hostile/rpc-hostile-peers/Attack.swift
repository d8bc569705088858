internal import RawHTTP2

/// A way to do harm.
struct Attack: Sendable {
  /// Connections at a time.
  var peers: Int
  /// What the server is to call it, one of these.
  var defences: [String]
  /// Whether the server asks for certificates and the attackers have one.
  var hasCertificate = false
  /// Whether connections have to be ended by the server: some are only kept from being too many.
  var endsConnections = true
  /// One connection from beginning to end; the number tells the peers and their turns apart.
  var assault: @Sendable (Target, Int) async -> Ending

  /// Frames without end after the usual greeting.
  ///
  /// - Parameter frames: the next bytes to send, for each round.
  static func flood(
    _ defence: String, peers: Int = 4, reads: Bool = true,
    _ frames: @escaping @Sendable (_ turn: Int, _ round: Int) -> [UInt8]
  ) -> Attack {
    Attack(peers: peers, defences: [defence]) { target, turn in
      await during(target) { peer in
        if !reads { try await peer.setReading(false) }
        try await peer.send(greeting())
        var round = 0
        while target.isOpen {
          try await peer.send(frames(turn, round))
          round += 1
        }
      }
    }
  }

  /// Says something byte after byte, one in a second.
  static func dribble(
    _ defence: String, after first: [UInt8], _ bytes: [UInt8]
  ) -> Attack {
    Attack(peers: 2000, defences: [defence, "unproven"]) { target, _ in
      await during(target) { peer in
        if !first.isEmpty { try await peer.send(first) }
        for byte in bytes {
          guard target.isOpen, !peer.isClosed else { return }
          try await peer.send([byte])
          try await Task.sleep(for: .seconds(1))
        }
      }
    }
  }

  static func greeting(_ settings: RawFrame = .settings()) -> [UInt8] {
    RawFrame.preface + settings.bytes + RawFrame.settingsAcknowledgement.bytes
  }

  /// Connects, does harm, and waits for what the server makes of it.
  static func during(
    _ target: Target, _ harm: @escaping @Sendable (RawPeer) async throws -> Void
  ) async -> Ending {
    guard let peer = try? await target.connect() else { return .refused }
    let harming = Task { try await harm(peer) }
    let ending = await end(of: peer, target)
    harming.cancel()
    peer.drop()
    return ending
  }

  private static func end(of peer: RawPeer, _ target: Target) async -> Ending {
    var ending = Ending.closed
    let limit = Task {
      try await Task.sleep(until: target.end)
      peer.drop()
    }
    defer { limit.cancel() }
    for await event in peer.events {
      switch event {
      case .frame(let frame): if frame.kind == .goAway { ending = .goAway }
      case .timedOut: return .outlived
      case .closed: return target.isOpen ? ending : .left
      }
    }
    return target.isOpen ? ending : .left
  }
}
