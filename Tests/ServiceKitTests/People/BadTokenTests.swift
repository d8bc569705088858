internal import Domain
internal import ProtobufC
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@Suite("Bad tokens: none is accepted")
struct BadTokenTests {
  /// A token that must be refused, and why.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let refusal: TokenRefusal
    let token: @Sendable (PeopleFixture) -> String

    init(
      _ name: String, _ refusal: TokenRefusal,
      _ token: @escaping @Sendable (PeopleFixture) -> String
    ) {
      self.name = name
      self.refusal = refusal
      self.token = token
    }

    var testDescription: String { name }

    /// A good token but for members of its header.
    static func header(_ name: String, _ refusal: TokenRefusal, _ change: [String: Json?]) -> Case {
      Case(name, refusal) { $0.provider.token(claims: $0.claims(), header: change) }
    }

    /// A good token but for its claims.
    static func claim(_ name: String, _ refusal: TokenRefusal, _ change: [String: Json?]) -> Case {
      Case(name, refusal) { $0.provider.token(claims: $0.claims(change)) }
    }

    /// A good token but for a time, in seconds from now.
    static func time(
      _ name: String, _ refusal: TokenRefusal, _ claim: String, _ offset: Int64
    ) -> Case {
      Case(name, refusal) { people in
        let time = Json.number("\(people.clock.now().seconds + offset)")
        return people.provider.token(claims: people.claims([claim: time]))
      }
    }

    /// A good token but for its signature.
    static func signature(
      _ name: String, _ refusal: TokenRefusal, _ change: @escaping @Sendable (String) -> String
    ) -> Case {
      Case(name, refusal) { people in
        let parts = people.provider.token(claims: people.claims()).split(separator: ".")
        return "\(parts[0]).\(parts[1]).\(change(String(parts[2])))"
      }
    }
  }

  static let headers: [Case] = [
    .header("alg none", .algorithmRefused, ["alg": .string("none")]),
    .header("alg nOnE", .algorithmRefused, ["alg": .string("nOnE")]),
    .header("alg empty", .algorithmRefused, ["alg": .string("")]),
    .header("alg missing", .algorithmRefused, ["alg": nil]),
    .header("alg a number", .algorithmRefused, ["alg": .number("1")]),
    .header("HS256", .algorithmRefused, ["alg": .string("HS256")]),
    .header("ES384, not on the list", .algorithmRefused, ["alg": .string("ES384")]),
    .header("alg in lower case", .algorithmRefused, ["alg": .string("eddsa")]),
    .header("another algorithm than the key's", .algorithmMismatch, ["alg": .string("RS256")]),
    .header("kid unknown", .keyUnknown, ["kid": .string("k2")]),
    .header("kid missing", .keyUnknown, ["kid": nil]),
    .header("kid a path", .keyUnknown, ["kid": .string("../../dev/null")]),
    .header("kid SQL", .keyUnknown, ["kid": .string("k1' OR '1'='1")]),
    .header("kid a number", .keyUnknown, ["kid": .number("1")]),
    .header("jku", .headerRefused, ["jku": .string("https://evil.example/jwks")]),
    .header("x5u", .headerRefused, ["x5u": .string("https://evil.example/x")]),
    .header("jwk", .headerRefused, ["jwk": .object(["kty": .string("OKP")])]),
    .header("x5c", .headerRefused, ["x5c": .array([])]),
    .header("crit", .headerRefused, ["crit": .array([.string("exp")])]),
    .header("b64", .headerRefused, ["b64": .bool(false)]),
    .header("typ of a grant", .typeWrong, ["typ": .string("lockbox-grant+jwt")]),
    .header("typ missing", .typeWrong, ["typ": nil]),
    Case("a header member twice", .headerMalformed) {
      $0.provider.token(
        rawHeader: #"{"alg":"EdDSA","kid":"k1","typ":"JWT","alg":"EdDSA"}"#,
        rawClaims: $0.claims().text)
    },
    Case("a header that is a list", .headerMalformed) {
      $0.provider.token(rawHeader: "[]", rawClaims: $0.claims().text)
    },
  ]

  static let claims: [Case] = [
    .claim("aud missing", .audienceWrong, ["aud": nil]),
    .claim("aud of a sibling", .audienceWrong, ["aud": .string("lockbox-audit")]),
    .claim("aud in another case", .audienceWrong, ["aud": .string("Lockbox")]),
    .claim("aud a list without us", .audienceWrong, ["aud": .array([.string("mail")])]),
    .claim("aud an empty list", .audienceWrong, ["aud": .array([])]),
    .claim("aud a number", .claimsMalformed, ["aud": .number("1")]),
    .claim("aud a mixed list", .claimsMalformed, ["aud": .array([.string("lockbox"), .null])]),
    .claim("iss missing", .issuerUnknown, ["iss": nil]),
    .claim("iss unknown", .issuerUnknown, ["iss": .string("https://login.evil.example")]),
    .claim("iss with a slash", .issuerUnknown, ["iss": .string("https://login.provider.example/")]),
    .claim("iss of a tenant", .signatureInvalid, ["iss": .string("https://login.contoso.example")]),
    .claim("sub missing", .claimsMalformed, ["sub": nil]),
    .claim("sub empty", .claimsMalformed, ["sub": .string("")]),
    .claim("sub too long", .claimsMalformed, ["sub": .string(String(repeating: "a", count: 256))]),
    .claim("sub with a line feed", .claimsMalformed, ["sub": .string("alice\n")]),
    .claim("sub with an invisible", .claimsMalformed, ["sub": .string("ali\u{200b}ce")]),
    .claim("sub a number", .claimsMalformed, ["sub": .number("1")]),
    .claim("exp missing", .claimsMalformed, ["exp": nil]),
    .claim("exp text", .claimsMalformed, ["exp": .string("1795266000")]),
    .claim("exp a fraction", .claimsMalformed, ["exp": .number("1795266000.5")]),
    .claim("exp 1e400", .claimsMalformed, ["exp": .number("1e400")]),
    .claim("exp negative", .claimsMalformed, ["exp": .number("-1")]),
    .claim("exp beyond 64 bits", .claimsMalformed, ["exp": .number("99999999999999999999")]),
    .claim("iat missing", .claimsMalformed, ["iat": nil]),
    .claim("roles text", .claimsMalformed, ["roles": .string("engineer")]),
    .claim("groups of numbers", .claimsMalformed, ["groups": .array([.number("1")])]),
    .time("expired", .expired, "exp", -30),
    .time("not yet valid", .notYetValid, "nbf", 31),
    .time("issued in the future", .issuedInFuture, "iat", 31),
    .time("lives longer than a day", .lifetimeTooLong, "exp", 86_401),
    Case("a claim twice", .claimsMalformed) {
      let claims = $0.claims().text
      return $0.provider.token(
        rawHeader: #"{"alg":"EdDSA","kid":"k1","typ":"JWT"}"#,
        rawClaims: #"{"sub":"mallory","# + claims.dropFirst())
    },
    Case("claims that are no JSON", .claimsMalformed) {
      $0.provider.token(rawHeader: #"{"alg":"EdDSA","kid":"k1","typ":"JWT"}"#, rawClaims: "{")
    },
  ]

  static let signatures: [Case] = [
    .signature("no signature", .signatureInvalid) { _ in "" },
    .signature("a truncated signature", .malformed) { String($0.dropLast(1)) },
    .signature("a shorter signature", .signatureInvalid) { String($0.prefix(84)) },
    .signature("a longer signature", .signatureInvalid) { $0 + "AAAA" },
    .signature("zeros", .signatureInvalid) { _ in String(repeating: "A", count: 86) },
    .signature("padding", .malformed) { $0 + "==" },
    .signature("the alphabet of base64", .malformed) { String($0.dropLast(2)) + "+/" },
    .signature("set bits beyond the last byte", .malformed) { text in
      // 64 bytes end in a character of which four bits are beyond the last byte: zero.
      String(text.dropLast()) + (text.hasSuffix("A") ? "B" : "D")
    },
    Case("a key that is not the issuer's", .signatureInvalid) {
      $0.provider.token(claims: $0.claims(), key: $0.fabrikam.keys[0])
    },
    Case("claims changed after signing", .signatureInvalid) { people in
      let parts = people.provider.token(claims: people.claims()).split(separator: ".")
      let other = Base64URL.encode(Array(people.claims(["sub": .string("mallory")]).text.utf8))
      return "\(parts[0]).\(other).\(parts[2])"
    },
    Case("two parts", .malformed) { _ in "e30.e30" },
    Case("four parts", .malformed) { $0.provider.token(claims: $0.claims()) + "." },
    Case("empty parts", .headerMalformed) { _ in ".." },
    Case("a space in it", .malformed) { " " + $0.provider.token(claims: $0.claims()) },
    Case("a megabyte", .tooLarge) {
      $0.provider.token(claims: $0.claims(["x": .string(String(repeating: "a", count: 1 << 20))]))
    },
  ]

  @Test("each is refused for its own reason", arguments: headers + claims + signatures)
  func refused(_ bad: Case) async throws {
    let people = try await PeopleFixture()
    let token = bad.token(people)
    #expect(throws: bad.refusal) { try people.authenticate(token) }
    // Not by way of what the first try left behind, either.
    #expect(throws: bad.refusal) { try people.authenticate(token) }
  }

  @Test("HS256 with the public key as the secret is refused")
  func publicKeyAsSecret() async throws {
    let people = try await PeopleFixture()
    let header = Base64URL.encode(Array(#"{"alg":"HS256","kid":"k1","typ":"JWT"}"#.utf8))
    let signed = header + "." + Base64URL.encode(Array(people.claims().text.utf8))
    // Any 32 bytes: the algorithm is refused before a signature is looked at.
    let token = signed + "." + Base64URL.encode(Sha256.digest(signed.utf8))
    #expect(throws: TokenRefusal.algorithmRefused) { try people.authenticate(token) }
  }

  @Test(
    "an authorization header that is no bearer token",
    arguments: [nil, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer\tx", "bearerx e30.e30.AA"])
  func header(_ value: String?) async throws {
    let people = try await PeopleFixture()
    #expect(throws: TokenRefusal.self) {
      try people.authenticator.authenticate(authorization: value)
    }
  }

  @Test("there are at least 40 kinds")
  func enough() {
    #expect(Self.headers.count + Self.claims.count + Self.signatures.count >= 40)
  }
}
