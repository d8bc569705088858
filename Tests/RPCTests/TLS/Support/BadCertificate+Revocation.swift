internal import TLS

// Certificates of which a revocation list says something, or should.

extension BadCertificate {
  static let revocations: [BadCertificate] = [
    .shown("revoked", .revoked, alert: 44) { scene in
      let credential = try scene.root.issue(scene.request)
      return Shown(
        credential: credential, lists: [try scene.root.list(revoking: [credential.leaf])])
    },
    .shown("of a revoked intermediate", .revoked, alert: 44) { scene in
      let between = try scene.root.intermediate()
      return Shown(
        credential: try between.issue(scene.request),
        lists: [try scene.root.list(revoking: [between.certificate]), try between.list()])
    },
    .shown("revoked by an intermediate", .revoked, alert: 44) { scene in
      let between = try scene.root.intermediate()
      let credential = try between.issue(scene.request)
      return Shown(
        credential: credential,
        lists: [try scene.root.list(), try between.list(revoking: [credential.leaf])])
    },
    .shown("no list of its issuer", .revocationUnknown, alert: 48) { scene in
      Shown(
        credential: try scene.root.issue(scene.request),
        lists: [try ForgedAuthority("other root").list()])
    },
    .shown("no list of its intermediate", .revocationUnknown, alert: 48) { scene in
      Shown(
        credential: try scene.root.intermediate().issue(scene.request),
        lists: [try scene.root.list()])
    },
    .shown("a list that has run out", .revocationUnknown, alert: 45) { scene in
      Shown(
        credential: try scene.root.issue(scene.request),
        lists: [try scene.root.list(to: 1000)], later: 2000)
    },
    .shown("a list that another signed", .revocationUnknown, alert: 51) { scene in
      let between = try scene.root.intermediate()
      return Shown(
        credential: try between.issue(scene.request),
        lists: [try scene.root.list(), try between.list(signedBy: ForgedKey(.p256))])
    },
    .shown("a list of one who may sign none", .revocationUnknown, alert: 46) { scene in
      let between = try scene.root.intermediate("intermediate") {
        $0.keyUsage = "critical,keyCertSign"
      }
      return Shown(
        credential: try between.issue(scene.request),
        lists: [try scene.root.list(), try between.list()])
    },
  ]

  /// Refused of either end.
  static let all =
    wrongNames + malformedNames + leaves + chains + intermediates + revocations
}
