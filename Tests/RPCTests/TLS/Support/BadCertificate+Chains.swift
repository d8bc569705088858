internal import TLS

// Certificates that are wrong in themselves, and chains that lead nowhere.

extension BadCertificate {
  static let leaves: [BadCertificate] = [
    .leaf("expired", .expired, alert: 45) { $0.to = -100 },
    .leaf("not valid yet", .notYetValid, alert: 42) { $0.from = 1000 },
    .leaf("no extended key usage", .wrongPurpose, alert: 43) { $0.purposes = nil },
    .leaf("the other end's extended key usage", .wrongPurpose, alert: 43) {
      $0.purposes = $0.purposes == "clientAuth" ? "serverAuth" : "clientAuth"
    },
    .leaf("any extended key usage", .wrongPurpose, alert: 43) {
      $0.purposes = "anyExtendedKeyUsage"
    },
    .leaf("key usage without digitalSignature", .wrongPurpose, alert: 43) {
      $0.keyUsage = "critical,keyAgreement"
    },
    .leaf("an authority's certificate as a leaf", .authorityAsLeaf, alert: 43) {
      $0.basicConstraints = "critical,CA:TRUE"
      $0.keyUsage = "critical,keyCertSign,digitalSignature"
    },
    .leaf("no authority, but may sign certificates", .authorityAsLeaf, alert: 43) {
      $0.keyUsage = "critical,keyCertSign,digitalSignature"
    },
    .leaf("an unknown critical extension", .unknownExtension, alert: 46) {
      $0.extensions.append(("1.3.6.1.4.1.32473.1", "critical,DER:0500"))
    },
    .leaf("RSA of 1,024 bits", .tooWeak, alert: 42) { $0.key = .rsa(bits: 1024) },
    .leaf("signed with SHA-1", .tooWeak, alert: 42) { $0.digest = .sha1 },
    .shown("signed with MD5", .tooWeak, alert: 42) { scene in
      // No curve goes with it.
      let between = try scene.root.intermediate { $0.key = .rsa(bits: 2048) }
      var request = scene.request
      request.digest = .md5
      return Shown(credential: try between.issue(request))
    },
    .leaf("a broken signature", .badSignature, alert: 51) { $0.isSignatureBroken = true },
    .leaf(
      "serial number zero", .malformed("its serial number is not positive"), alert: 42
    ) { $0.serial = .number(0) },
    .leaf(
      "a negative serial number", .malformed("its serial number is not positive"), alert: 42
    ) { $0.serial = .number(-7) },
    .leaf(
      "a serial number of 21 octets", .malformed("its serial number is too long"), alert: 42
    ) { $0.serial = .octets(21) },
    .leaf("version 1", .malformed("it is not of version 3"), alert: 42) {
      $0.version = 1
    },
    .leaf("version 2", .malformed("it is not of version 3"), alert: 42) {
      $0.version = 2
    },
    BadCertificate(
      "names of one megabyte", { _ in .protocolViolation("excessive message size") }, alert: 47
    ) { scene in
      var request = scene.request
      request.names =
        (request.names ?? [])
        + (0..<40_000).map { ForgedRequest.Name.dns("host-\($0).long.example") }
      return Shown(credential: try scene.root.issue(request))
    },
    .shown("another's key", .keyNotProven, alert: 51) { scene in
      var credential = try scene.root.issue(scene.request)
      credential.key = try ForgedKey(publicHalfOf: credential.key)
      return Shown(credential: credential)
    },
  ]

  static let chains: [BadCertificate] = [
    .shown("another authority", .unknownAuthority, alert: 48) { scene in
      Shown(credential: try ForgedAuthority("other root").issue(scene.request))
    },
    .shown("another authority of the same name", .unknownAuthority, alert: 48) { scene in
      Shown(credential: try ForgedAuthority("test root").issue(scene.request))
    },
    .shown("another authority that comes along", .unknownAuthority, alert: 48) { scene in
      let other = try ForgedAuthority("other root")
      var credential = try other.issue(scene.request)
      credential.chain = [other.certificate]
      return Shown(credential: credential)
    },
    .shown("self-signed", .selfSigned, alert: 48) { scene in
      let key = try ForgedKey(.p256)
      let leaf = try ForgedCertificate(scene.request, key: key, issuer: nil)
      return Shown(credential: ForgedCredential(leaf: leaf, key: key, chain: []))
    },
    .shown("the trust root itself", .authorityAsLeaf, alert: 43) { scene in
      Shown(
        credential: ForgedCredential(
          leaf: scene.root.certificate, key: scene.root.key, chain: []))
    },
    .shown("issued by a leaf", .issuerNotAuthority, alert: 48) { scene in
      let leaf = ForgedAuthority(try scene.root.issue(scene.request))
      return Shown(credential: try leaf.issue(scene.request))
    },
    .shown("its intermediate is missing", .unknownAuthority, alert: 48) { scene in
      var credential = try scene.root.intermediate().issue(scene.request)
      credential.chain = []
      return Shown(credential: credential)
    },
    .shown("the intermediate first, the leaf after it", .authorityAsLeaf, alert: 43) {
      scene in
      let between = try scene.root.intermediate()
      let credential = try between.issue(scene.request)
      return Shown(
        credential: ForgedCredential(
          leaf: between.certificate, key: between.key, chain: [credential.leaf]))
    },
    .shown("four intermediates", .chainTooLong, alert: 48) { scene in
      Shown(credential: try scene.root.chain(of: 4).issue(scene.request))
    },
    .shown("a hundred intermediates", .chainTooLong, alert: 48) { scene in
      Shown(credential: try scene.root.chain(of: 100).issue(scene.request))
    },
  ]

  static let intermediates: [BadCertificate] = [
    .beneath(
      "an intermediate that is no authority", .issuerNotAuthority, alert: 48,
      { $0.basicConstraints = "critical,CA:FALSE" }),
    .beneath(
      "an intermediate that may not sign", .issuerNotAuthority, alert: 48,
      { $0.keyUsage = "critical,digitalSignature" }),
    .beneath(
      "an intermediate of version 1", .issuerNotAuthority, alert: 48, { $0.version = 1 }),
    .beneath("an expired intermediate", .expired, alert: 45, { $0.to = -100 }),
    .beneath(
      "an intermediate with an unknown critical extension", .unknownExtension, alert: 46,
      { $0.extensions.append(("1.3.6.1.4.1.32473.1", "critical,DER:0500")) }),
    .beneath(
      "an intermediate for another purpose", .wrongPurpose, alert: 43,
      { $0.purposes = "codeSigning" }),
    .beneath(
      "an intermediate with a key on P-192", .tooWeak, alert: 42, { $0.key = .p192 }),
    .beneath(
      "an intermediate with RSA of 1,024 bits", .tooWeak, alert: 42,
      { $0.key = .rsa(bits: 1024) }),
    .beneath(
      "an intermediate signed with SHA-1", .tooWeak, alert: 42, { $0.digest = .sha1 }),
    .beneath(
      "an intermediate with a broken signature", .badSignature, alert: 51,
      { $0.isSignatureBroken = true }),
    .beneath(
      "an intermediate with serial number zero",
      .malformed("its serial number is not positive"), alert: 42,
      { $0.serial = .number(0) }),
    .beneath(
      "a name outside what the intermediate may name",
      .constraintBroken("permitted subtree violation"), alert: 46,
      {
        $0.extensions.append(("nameConstraints", "critical,permitted;URI:.other.example"))
      }),
    .beneath(
      "a name that the intermediate may not name",
      .constraintBroken("excluded subtree violation"), alert: 46,
      { $0.extensions.append(("nameConstraints", "critical,excluded;URI:test.example")) }),
    .shown(
      "an intermediate beneath one that allows none",
      .constraintBroken("path length constraint exceeded"), alert: 48
    ) { scene in
      let last = try scene.root.intermediate("last") {
        $0.basicConstraints = "critical,CA:TRUE,pathlen:0"
      }
      return Shown(credential: try last.intermediate("beyond").issue(scene.request))
    },
  ]
}
