internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing

@Suite("Issuers and their keys")
struct IssuerTests {
  let directory = TemporaryDirectory()

  func load(
    _ yaml: String, environment: Environment = .development
  ) async throws(StartError) -> IssuerDirectory {
    try await IssuerDirectory.load(
      directory.write("issuers.yaml", yaml), environment: environment, clock: FakeClock(),
      logger: LogCapture().logger())
  }

  @Test("a file of issuers makes them speak for their sides, keys beside the file")
  func file() async throws {
    let clock = FakeClock()
    let provider = try await TestIssuer(url: "https://p.example")
    let contoso = try await TestIssuer(url: "https://c.example", audience: "box")
    directory.write("p.jwks", provider.jwks)
    directory.write("c.jwks", contoso.jwks)
    let issuers = try await load(
      """
      issuers:
        - {issuer: "https://p.example", audience: lockbox, keys: p.jwks}
        - {issuer: "https://c.example", audience: box, keys: c.jwks, tenant: contoso}
      """)
    let authenticator = Authenticator(issuers: issuers, clock: clock)
    let token = contoso.token(subject: "carol", roles: ["approver"], at: clock.now())
    #expect(
      try authenticator.authenticate(Array(token.utf8)).affiliation
        == .tenant(TenantID("contoso")!))
  }

  @Test(
    "a bad file is one sentence",
    arguments: [
      ("issuers: []", "must hold one key, `issuers`"), ("a: 1", "must hold one key, `issuers`"),
      ("issuers: [1]", "must be a mapping"),
      ("issuers: [{audience: a, keys: k}]", "lacks `issuer`"),
      ("issuers: [{issuer: x, audience: a, keys: k}]", "must be a URL"),
      ("issuers: [{issuer: 'https://x', audience: a, key: k}]", "did you mean `keys`?"),
      (
        "issuers: [{issuer: 'https://x', audience: a, keys: k, tenant: Contoso!}]",
        "must be a tenant id"
      ),
      (
        """
        issuers:
        - {issuer: "https://x", audience: a, keys: k}
        - {issuer: "https://x", audience: a, keys: k, tenant: contoso}
        """, "stands twice"
      ),
      (
        """
        issuers:
        - {issuer: "https://x", audience: a, keys: k, tenant: contoso}
        - {issuer: "https://y", audience: a, keys: k, tenant: contoso}
        """, "speaks for the tenant contoso already"
      ),
      ("issuers: [{issuer: 'https://x', audience: a, keys: none}]", "No such file or directory"),
      ("issuers: [{issuer: 'https://x', audience: a, keys: 'http://x/jwks'}]", "with https"),
      ("issuers: [{issuer: 'http://x', audience: a}]", "only where the issuer is an https URL"),
      ("issuers: [{issuer: 'https://x', audience: a, authorities: no.pem}]", "no.pem"),
      ("issuers: [{issuer: 'https://x', audience: a, prefix: corp}]", "`prefix`"),
      ("issuers: [{issuer: 'https://x', audience: a, roles: {boss: [a]}}]", "`boss` is no role"),
      (
        "issuers: [{issuer: 'https://x', audience: a, roles: {approver: [a]}}]",
        "no role that the provider can give"
      ),
      ("issuers: [{issuer: 'https://x', audience: a, roles: {engineer: a}}]", "must be a list"),
      ("issuers: [{issuer: 'https://x', audience: a, roles: [a]}]", "must be a mapping of roles"),
    ])
  func badFile(_ yaml: String, _ part: String) async {
    let error = await #expect(throws: StartError.self) { try await load(yaml) }
    #expect(error?.exitCode == .configuration)
    #expect(error?.sentence.contains(part) == true, "\(error?.sentence ?? "")")
    #expect(error?.sentence.contains("\n") == false)
  }

  @Test("production takes no development issuer, neither by its mark nor by its keys' names")
  func development() async throws {
    let marked = try await TestIssuer(url: "https://p.example")
    directory.write("marked.jwks", marked.jwks)
    let named = try await TestIssuer(url: "https://p.example", keyID: "dev-1")
    directory.write("named.jwks", named.jwks)
    for (keys, mark) in [("marked", ", development: true"), ("named", "")] {
      let yaml =
        "issuers: [{issuer: 'https://p.example', audience: a, keys: \(keys).jwks\(mark)}]"
      _ = try await load(yaml, environment: .development)
      let error = await #expect(throws: StartError.self) {
        try await load(yaml, environment: .production)
      }
      #expect(error?.sentence.contains("development") == true)
      #expect(error?.sentence.contains("`environment` is `production`") == true)
    }
  }

  @Test(
    "a key set that is not fit is refused whole",
    arguments: [
      ("", "not valid JSON"), ("{}", "`keys`"), (#"{"keys":[]}"#, "holds no key"),
      (#"{"keys":[1]}"#, "not an object"),
      (#"{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA"}]}"#, "no `kid`"),
      (#"{"keys":[{"kid":"a","kty":"OKP","crv":"Ed25519"}]}"#, "no Ed25519"),
      (#"{"keys":[{"kid":"a","kty":"EC","crv":"P-384"}]}"#, "holds no key"),
      (#"{"keys":[{"kid":"a","kty":"oct","k":"AAAA","alg":"HS256"}]}"#, "private or shared"),
      (#"{"keys":[{"kid":"a","kty":"OKP","crv":"Ed25519","d":"A","alg":"EdDSA"}]}"#, "private"),
      (#"{"keys":[{"kid":"a","kty":"OKP","crv":"X25519","x":"AA","alg":"EdDSA"}]}"#, "no Ed25519"),
      (#"{"keys":[{"kid":"a","kty":"EC","crv":"P-384","alg":"ES256"}]}"#, "no P-256"),
      (#"{"keys":[{"kid":"a","kty":"RSA","n":"wwww","e":"AQAB","alg":"RS256"}]}"#, "24 bits"),
      (#"{"keys":[{"kid":"a","kty":"RSA","n":"AAAA","e":"AQAB","alg":"RS256"}]}"#, "no RSA key"),
      (#"{"keys":[{"kid":"a","alg":"RS512","kty":"RSA"}]}"#, "holds no key"),
    ])
  func badKeySet(_ jwks: String, _ part: String) async {
    directory.write("k.jwks", jwks)
    let error = await #expect(throws: StartError.self) {
      try await load("issuers: [{issuer: 'https://x', audience: a, keys: k.jwks}]")
    }
    #expect(error?.sentence.contains(part) == true, "\(error?.sentence ?? "")")
  }

  @Test("a point that is not on the curve is no key")
  func offCurve() async {
    let zeros = String(repeating: "A", count: 43)
    directory.write(
      "k.jwks",
      #"{"keys":[{"kid":"a","kty":"EC","crv":"P-256","alg":"ES256","x":"\#(zeros)","y":"\#(zeros)"}]}"#
    )
    await #expect(throws: StartError.self) {
      try await load("issuers: [{issuer: 'https://x', audience: a, keys: k.jwks}]")
    }
  }
}
