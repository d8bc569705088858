internal import AccessToken
internal import Domain
internal import MerkleLog
internal import ProtobufC

/// What libraries for JWTs have been fooled with, and tokens that are no tokens.
extension Tampering {
  static let headers: [Tampering] = [
    header("alg nOnE", .algorithm, #"{"alg":"nOnE","kid":"k1","typ":"TYPE"}"#),
    header("alg empty", .algorithm, #"{"alg":"","kid":"k1","typ":"TYPE"}"#),
    header("alg in lower case", .algorithm, #"{"alg":"eddsa","kid":"k1","typ":"TYPE"}"#),
    header("alg of another key type", .algorithm, #"{"alg":"ES256","kid":"k1","typ":"TYPE"}"#),
    header("alg missing", .format, #"{"kid":"k1","typ":"TYPE"}"#),
    header("alg a number", .format, #"{"alg":1,"kid":"k1","typ":"TYPE"}"#),
    header("kid missing", .format, #"{"alg":"EdDSA","typ":"TYPE"}"#),
    header("kid empty", .key, #"{"alg":"EdDSA","kid":"","typ":"TYPE"}"#),
    header("kid a path", .key, #"{"alg":"EdDSA","kid":"../../dev/null","typ":"TYPE"}"#),
    header("kid SQL", .key, #"{"alg":"EdDSA","kid":"k1' OR '1'='1","typ":"TYPE"}"#),
    header("kid in another case", .key, #"{"alg":"EdDSA","kid":"K1","typ":"TYPE"}"#),
    header("typ missing", .format, #"{"alg":"EdDSA","kid":"k1"}"#),
    header("typ of a proof", .type, #"{"alg":"EdDSA","kid":"k1","typ":"dpop+jwt"}"#),
    header("jku", .format, #"{"alg":"EdDSA","jku":"https://evil","kid":"k1","typ":"TYPE"}"#),
    header("x5u", .format, #"{"alg":"EdDSA","kid":"k1","typ":"TYPE","x5u":"https://evil"}"#),
    header("jwk", .format, #"{"alg":"EdDSA","jwk":{"kty":"OKP"},"kid":"k1","typ":"TYPE"}"#),
    header("crit", .format, #"{"alg":"EdDSA","crit":["exp"],"kid":"k1","typ":"TYPE"}"#),
    header("alg twice", .format, #"{"alg":"EdDSA","alg":"none","kid":"k1","typ":"TYPE"}"#),
    header("a list", .format, "[]"),
    header("something behind it", .format, #"{"alg":"EdDSA","kid":"k1","typ":"TYPE"}x"#),
  ]

  static let payloads: [Tampering] = [
    payload("exp missing", .claims) { $0.removing(#","exp":"#) },
    payload("exp text", .claims) { $0.quoting("exp") },
    payload("exp a fraction", .claims) { $0.appending(".5", to: "exp") },
    payload("exp in scientific writing", .claims) { $0.appending("e0", to: "exp") },
    payload("exp 1e400", .claims) { $0.appending("e400", to: "exp") },
    payload("exp beyond 64 bits", .claims) { $0.appending("0000000000", to: "exp") },
    payload("exp twice", .claims) { #"{"exp":4102444800,"# + $0.dropFirst() },
    payload("exp negative", .expiry) { $0.replacing(#""exp":"#, with: #""exp":-"#) },
    payload("iat missing", .claims) { $0.removing(#","iat":"#) },
    payload("nbf missing", .claims) { $0.removing(#","nbf":"#) },
    payload("iat negative", .claims) { $0.replacing(#""iat":"#, with: #""iat":-"#) },
    payload("aud a list with ours", .claims) {
      $0.replacing(
        #""aud":"https://content.lockbox.test""#, with: #""aud":["https://content.lockbox.test"]"#)
    },
    payload("aud missing", .claims) {
      $0.replacing(#""aud":"https://content.lockbox.test","#, with: "")
    },
    payload("aud in another case", .audience) {
      $0.replacing("content.lockbox.test", with: "Content.lockbox.test")
    },
    payload("iss with a slash more", .issuer) {
      $0.replacing(#"approvals.lockbox.test""#, with: #"approvals.lockbox.test/""#)
    },
    payload("jti that is no id", .claims) {
      $0.replacing("019aa000-0000-7000-8000-000000000004", with: "1")
    },
    payload("a confirmation of no kind that is known", .claims) {
      #"{"cnf":{"x":"y"},"# + $0.dropFirst()
    },
    payload("a confirmation that is no hash", .claims) {
      #"{"cnf":{"jkt":"AAAA"},"# + $0.dropFirst()
    },
    payload("two confirmations", .claims) {
      let hash = Base64URL.encode([UInt8](repeating: 1, count: 32))
      return #"{"cnf":{"jkt":"\#(hash)","x5t#S256":"\#(hash)"},"# + $0.dropFirst()
    },
    payload("no object", .claims) { _ in "[]" },
    payload("nothing", .claims) { _ in "" },
    payload("nested without end", .claims) { _ in String(repeating: "[", count: 100_000) },
  ]

  static let envelopes: [Tampering] = [
    signature("none", .signature) { _ in "" },
    signature("cut", .signature) { String($0.prefix(84)) },
    signature("longer", .signature) { $0 + "AAAA" },
    signature("zeros", .signature) { _ in String(repeating: "A", count: 86) },
    signature("in the alphabet of base64", .format) { String($0.dropLast(2)) + "+/" },
    signature("with bits beyond its last byte", .format) {
      String($0.dropLast()) + ($0.hasSuffix("A") ? "B" : "D")
    },
    // Ed25519's order L added to s: the same signature to whoever does not look (RFC 8032 §8.4).
    signature("with s beyond the group's order", .signature) { text in
      var bytes = Base64URL.decode(text.utf8) ?? []
      let order: [UInt8] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
      ]
      var carry = 0
      for index in 0..<32 {
        let sum = Int(bytes[32 + index]) + Int(order[index]) + carry
        bytes[32 + index] = UInt8(sum & 0xff)
        carry = sum >> 8
      }
      return Base64URL.encode(bytes)
    },
    Tampering(name: "four parts", failsAt: .format, forge: { try $0.token() + ".AA" }),
    Tampering(name: "a space before it", failsAt: .format, forge: { " " + (try $0.token()) }),
    Tampering(
      name: "a megabyte", failsAt: .format,
      forge: { try $0.token() + String(repeating: "A", count: 1 << 20) }),
  ]

  private static func header(
    _ name: String, _ subject: Check.Subject, _ header: String
  ) -> Tampering {
    Tampering(
      name: "header: " + name, failsAt: subject,
      forge: {
        try $0.token(header: header.replacing("TYPE", with: AccessTokenClaims.type))
      })
  }

  /// A payload that its signer would never write, under the right key.
  private static func payload(
    _ name: String, _ subject: Check.Subject, _ change: @escaping @Sendable (String) -> String
  ) -> Tampering {
    Tampering(
      name: "claims: " + name, failsAt: subject,
      forge: {
        let payload = Base64URL.decode(try $0.token().split(separator: ".")[1].utf8) ?? []
        return CompactJWS.sign(
          Array(change(String(decoding: payload, as: UTF8.self)).utf8),
          type: AccessTokenClaims.type, keyID: "k1", key: $0.tokenKey)
      })
  }

  private static func signature(
    _ name: String, _ subject: Check.Subject, _ change: @escaping @Sendable (String) -> String
  ) -> Tampering {
    Tampering(
      name: "a signature " + name, failsAt: subject,
      forge: {
        let parts = try $0.token().split(separator: ".")
        return "\(parts[0]).\(parts[1]).\(change(String(parts[2])))"
      })
  }
}

extension String {
  /// Without a claim that is a number and not the first.
  fileprivate func removing(_ claim: String) -> String {
    guard let range = firstRange(of: claim) else { return self }
    return String(self[..<range.lowerBound]) + self[range.upperBound...].drop { $0.isNumber }
  }

  fileprivate func appending(_ text: String, to claim: String) -> String {
    guard let range = firstRange(of: #""\#(claim)":"#) else { return self }
    let digits = self[range.upperBound...].prefix { $0.isNumber }
    return String(self[..<digits.endIndex]) + text + self[digits.endIndex...]
  }

  fileprivate func quoting(_ claim: String) -> String {
    appending("\"", to: claim).replacing(#""\#(claim)":"#, with: #""\#(claim)":""#)
  }
}
