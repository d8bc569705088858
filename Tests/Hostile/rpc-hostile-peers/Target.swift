internal import RawHTTP2
internal import Synchronization
internal import TLS

/// Whom to attack, and until when.
struct Target: Sendable {
  let port: Int
  let tls: TLSContext
  let server: ExpectedPeer
  let end: ContinuousClock.Instant

  /// Beyond every time-out of the server's (10 s), with room for a machine that is busy with attacks.
  static let longest = Duration.seconds(16)

  var isOpen: Bool { ContinuousClock.now < end }

  func connect() async throws -> RawPeer {
    try await RawPeer.connect(port: port, tls: tls, expecting: server, within: Self.longest)
  }
}

/// What became of one hostile connection.
enum Ending: Sendable {
  /// The server took it and ended it, with GOAWAY or without.
  case goAway, closed
  /// It was not taken.
  case refused
  /// The server did not end it in any time that it allows.
  case outlived
  /// The attack was over first, or the peer left on its own.
  case left
}

/// All endings of one attack.
final class Tally: Sendable {
  private let counts = Mutex<[Ending: Int]>([:])

  func add(_ ending: Ending) { counts.withLock { $0[ending, default: 0] += 1 } }

  var line: String {
    let counts = counts.withLock { $0 }
    func count(_ endings: Ending...) -> Int { endings.reduce(0) { $0 + counts[$1, default: 0] } }
    return "connections=\(count(.goAway, .closed, .outlived, .left)) "
      + "ended=\(count(.goAway, .closed)) goaways=\(count(.goAway)) refused=\(count(.refused)) "
      + "outlived=\(count(.outlived))"
  }
}
