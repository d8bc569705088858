internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import Testing

/// One way to forge a token, and the check that must find it.
struct Tampering: Sendable, CustomTestStringConvertible {
  let name: String
  let failsAt: Check.Subject
  var now = Fixture.now
  /// Changes what is logged or signed with the right keys.
  var prepare: @Sendable (inout Fixture) -> Void = { _ in }
  /// Makes the token; by default the honest way.
  var forge: @Sendable (Fixture) throws -> String = { try $0.token() }

  var testDescription: String { name }

  static let all: [Tampering] =
    signatures + times + receipts + grants
    + headers + payloads + envelopes

  static let signatures: [Tampering] = [
    Tampering(name: "no token", failsAt: .format, forge: { _ in "nonsense" }),
    forged("the signature cut off", .format) {
      try $0.token().split(separator: ".").prefix(2).joined(separator: ".")
    },
    forged("base64 with padding", .format) { try $0.token() + "=" },
    forged("no signature under alg none", .algorithm) {
      try $0.token(header: #"{"alg":"none","kid":"k1","typ":"lockbox-access+jwt"}"#)
    },
    forged("an HMAC algorithm", .algorithm) {
      try $0.token(header: #"{"alg":"HS256","kid":"k1","typ":"lockbox-access+jwt"}"#)
    },
    forged("a critical extension", .format) {
      try $0.token(
        header: #"{"alg":"EdDSA","crit":["b64"],"kid":"k1","typ":"lockbox-access+jwt"}"#)
    },
    forged("a person's token", .type) {
      try $0.token(header: #"{"alg":"EdDSA","kid":"k1","typ":"JWT"}"#)
    },
    forged("an unknown key", .key) {
      AccessTokenSigner(key: $0.tokenKey, keyID: "k2").sign(try $0.claimsWithReceipt())
    },
    Tampering(
      name: "another key under the known id", failsAt: .signature,
      prepare: { $0.tokenKey = .fixed(9) }),
    forged("another payload under the signature", .signature) {
      let honest = try $0.token().split(separator: ".")
      var claims = try $0.claimsWithReceipt()
      claims.grant.end = claims.grant.end + .hours(1)
      let other = $0.signer.sign(claims).split(separator: ".")
      return "\(honest[0]).\(other[1]).\(honest[2])"
    },
    forged("claims missing", .claims) {
      CompactJWS.sign(
        Array(#"{"iss":"x"}"#.utf8), type: AccessTokenClaims.type, keyID: "k1", key: $0.tokenKey)
    },
  ]

  private static func forged(
    _ name: String, _ subject: Check.Subject,
    _ forge: @escaping @Sendable (Fixture) throws -> String
  ) -> Tampering {
    Tampering(name: name, failsAt: subject, forge: forge)
  }

  static let times: [Tampering] = [
    Tampering(
      name: "another issuer", failsAt: .issuer, prepare: { $0.claims.issuer = "https://evil.test" }
    ),
    Tampering(
      name: "another audience", failsAt: .audience,
      prepare: { $0.claims.audience = "https://other.test" }),
    Tampering(
      name: "issued in the future", failsAt: .issued,
      prepare: {
        $0.claims.issueTime = Fixture.now + .minutes(1)
        $0.claims.expireTime = Fixture.now + .minutes(5)
      }),
    Tampering(name: "expired", failsAt: .expiry, now: Fixture.start + .minutes(10)),
    Tampering(
      name: "too long a life", failsAt: .lifetime,
      prepare: { $0.claims.expireTime = Fixture.start + .minutes(11) }),
    Tampering(
      name: "a life beyond the grant", failsAt: .lifetime,
      prepare: { $0.grantWindow(end: Fixture.start + .minutes(5)) }),
    Tampering(
      name: "a grant that begins later", failsAt: .window,
      prepare: { $0.grantWindow(start: Fixture.now + .minutes(1)) }),
  ]

  static let receipts: [Tampering] = [
    Tampering(
      name: "the log of another tenant", failsAt: .log,
      prepare: { $0.origin = "log.lockbox.test/globex" }),
    Tampering(
      name: "a checkpoint signed by another key", failsAt: .checkpoint,
      prepare: { $0.logKey = .fixed(8) }),
    receipt("a checkpoint that is none", .checkpoint) { $0.checkpoint = "hello" },
    receipt("a larger size in the checkpoint", .checkpoint) {
      $0.checkpoint = $0.checkpoint.replacing("\n5\n", with: "\n6\n")
    },
    receipt("another index", .inclusion) { $0.index = 2 },
    receipt("an index beyond the tree", .inclusion) { $0.index = 5 },
    receipt("a proof hash left out", .inclusion) { $0.inclusionProof.removeLast() },
    receipt("a proof hash too many", .inclusion) {
      $0.inclusionProof.append($0.inclusionProof[0])
    },
    receipt("a proof hash changed", .inclusion) { $0.inclusionProof[0][0] ^= 1 },
    receipt("a proof hash cut short", .inclusion) { $0.inclusionProof[0].removeLast() },
    receipt("another entry", .inclusion) { $0.entry.append(0) },
  ]

  private static func receipt(
    _ name: String, _ subject: Check.Subject,
    _ change: @escaping @Sendable (inout CommonV1.Receipt) -> Void
  ) -> Tampering {
    forged(name, subject) {
      var claims = try $0.claimsWithReceipt()
      change(&claims.receipt)
      return $0.signer.sign(claims)
    }
  }
}
