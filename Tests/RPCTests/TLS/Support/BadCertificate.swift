internal import TLS
internal import Testing

/// A certificate that must be refused: made how, for which reason, with which alert.
struct BadCertificate: Sendable, CustomTestStringConvertible {
  /// What a peer shows, and what our end knows.
  struct Shown: Sendable {
    var credential: ForgedCredential?
    /// Revocation lists of our end, PEM; empty for none.
    var lists: [String] = []
    /// Seconds that pass between our start and the handshake.
    var later: Int64 = 0
  }

  /// What there is to make it of.
  struct Scene {
    let world: ForgedWorld
    /// The end that shows the certificate.
    let side: TLSSide
    var root: ForgedAuthority { world.root }
    /// A correct one.
    var request: ForgedRequest { ForgedWorld.request(side) }
    var name: String { ForgedWorld.name(side) }
  }

  let testDescription: String
  /// By the end that shows it.
  let reason: @Sendable (TLSSide) -> TLSConnectionError.Reason
  /// What its owner is told.
  let alert: UInt8
  let make: @Sendable (Scene) throws -> Shown

  init(
    _ name: String, _ reason: @escaping @Sendable (TLSSide) -> TLSConnectionError.Reason,
    alert: UInt8, show: @escaping @Sendable (Scene) throws -> Shown
  ) {
    testDescription = name
    self.reason = reason
    self.alert = alert
    make = show
  }

  static func shown(
    _ name: String, _ problem: CertificateProblem, alert: UInt8,
    _ show: @escaping @Sendable (Scene) throws -> Shown
  ) -> BadCertificate {
    BadCertificate(name, { _ in .certificateRefused(problem) }, alert: alert, show: show)
  }

  /// One that the root issues for a request changed in this way.
  static func leaf(
    _ name: String, _ problem: CertificateProblem, alert: UInt8,
    _ change: @escaping @Sendable (inout ForgedRequest) -> Void
  ) -> BadCertificate {
    shown(name, problem, alert: alert) { scene in
      var request = scene.request
      change(&request)
      return Shown(credential: try scene.root.issue(request))
    }
  }

  /// One beneath an intermediate changed in this way.
  static func beneath(
    _ name: String, _ problem: CertificateProblem, alert: UInt8,
    _ change: @escaping @Sendable (inout ForgedRequest) -> Void
  ) -> BadCertificate {
    shown(name, problem, alert: alert) { scene in
      let between = try scene.root.intermediate("intermediate", change)
      return Shown(credential: try between.issue(scene.request))
    }
  }

  /// One with other names than those that are let in or expected.
  /// - Parameter change: given the right name.
  static func misnamed(
    _ name: String, _ change: @escaping @Sendable (String, inout ForgedRequest) -> Void
  ) -> BadCertificate {
    let reason: @Sendable (TLSSide) -> TLSConnectionError.Reason = { side in
      var request = ForgedWorld.request(side)
      change(ForgedWorld.name(side), &request)
      let presented = (request.names ?? []).compactMap { name in
        if case .uri(let uri) = name { uri } else { nil }
      }
      return .certificateRefused(
        side == .client
          ? .notAllowed(presented: presented)
          : .wrongName(expected: ForgedWorld.serverName, presented: presented))
    }
    return BadCertificate(name, reason, alert: 42) { scene in
      var request = scene.request
      change(scene.name, &request)
      return Shown(credential: try scene.root.issue(request))
    }
  }
}
