internal import AccessToken
internal import Domain
internal import MerkleLog
internal import ProtobufC
internal import Testing

@Suite("Proofs of possession")
struct DPoPProofTests {
  static let key = SigningKey.fixed(7)
  static let path = "/lockbox.approvals.v1.GrantService/IssueAccessToken"
  static let now = Fixture.now

  static func make(
    _ key: SigningKey = key, method: String = "POST", url: String = "https://a.test:7402" + path,
    token: String = "t", at moment: Timestamp = now
  ) -> String {
    DPoPProof.make(key, method: method, url: url, token: token, at: moment, id: "1")
  }

  func take(_ proof: String) throws(DPoPRefusal) -> DPoPProof {
    try DPoPProof(proof, method: "POST", path: Self.path, token: "t", at: Self.now)
  }

  @Test("a proof shows the key's thumbprint, as RFC 7638 and RFC 8037 have it")
  func good() throws {
    #expect(try take(Self.make()).thumbprint == DPoPProof.thumbprint(of: Self.key.publicKey))
    // RFC 8037, appendix A.3.
    let example = try #require(
      Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".utf8)
        .flatMap { VerificationKey($0) })
    #expect(
      Base64URL.encode(DPoPProof.thumbprint(of: example))
        == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
  }

  @Test(
    "a proof of another call, token or time is none",
    arguments: [
      (make(method: "GET"), DPoPRefusal.call), (make(url: "https://a.test/other"), .call),
      (make(url: "http://a.test" + path), .call),
      (make(url: "https://a.test" + path + "?a"), .call),
      (make(url: "https://a.test"), .call), (make(token: "u"), .token),
      (make(at: now - .seconds(62)), .time), (make(at: now + .seconds(62)), .time),
      ("", .malformed), ("a.b.c", .malformed), (make() + ".AA", .malformed),
      (String(make().dropLast(4)) + "AAAA", .signature),
      (String(repeating: "A", count: 5_000), .malformed),
    ])
  func bad(_ proof: String, _ refusal: DPoPRefusal) {
    #expect(throws: refusal) { try take(proof) }
  }

  @Test(
    "a header that a proof has no place for is refused",
    arguments: [
      (#""alg":"none""#, DPoPRefusal.header), (#""alg":"HS256""#, .header),
      (#""alg":"EdDSA","kid":"k1""#, .header), (#""alg":"EdDSA","crit":[]"#, .header),
    ])
  func header(_ members: String, _ refusal: DPoPRefusal) {
    let jwk = #"{"crv":"Ed25519","kty":"OKP","x":"\#(Base64URL.encode(Self.key.publicKey.bytes))"}"#
    #expect(throws: refusal) {
      try take(Self.forged(header: #"{\#(members),"jwk":\#(jwk),"typ":"dpop+jwt"}"#))
    }
  }

  @Test(
    "a key that is none, private, or of another kind is refused",
    arguments: [
      "{}", #"{"crv":"Ed25519","kty":"OKP","x":"AAAA"}"#,
      #"{"crv":"P-256","kty":"EC","x":"AAAA","y":"AAAA"}"#,
      #"{"crv":"Ed25519","d":"AA","kty":"OKP","x":"KEY"}"#, "1",
    ])
  func key(_ jwk: String) {
    let jwk = jwk.replacing("KEY", with: Base64URL.encode(Self.key.publicKey.bytes))
    #expect(throws: DPoPRefusal.key) {
      try take(Self.forged(header: #"{"alg":"EdDSA","jwk":\#(jwk),"typ":"dpop+jwt"}"#))
    }
  }

  private static func forged(header: String) -> String {
    let claims = make().split(separator: ".")[1]
    let signed = "\(Base64URL.encode(Array(header.utf8))).\(claims)"
    return "\(signed).\(Base64URL.encode(key.sign(Array(signed.utf8))))"
  }
}
