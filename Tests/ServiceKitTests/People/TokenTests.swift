internal import Domain
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@Suite("Bearer tokens")
struct TokenTests {
  @Test("a good token is the person that its issuer vouches for")
  func good() async throws {
    let people = try await PeopleFixture()
    let now = people.clock.now()
    let person = try people.authenticate(
      people.contoso.token(
        subject: "carol", roles: ["approver", "auditor"], groups: ["lockbox-approvers"], at: now))
    #expect(person.subject == Subject(issuer: people.contoso.url, id: "carol"))
    #expect(person.subject.displayName == "carol (test)")
    #expect(person.tenant == TenantID("contoso"))
    #expect(person.roles == [.approver, .auditor])
    #expect(person.groups == ["lockbox-approvers"])
    #expect(person.expiry == now + .seconds(3600))
  }

  @Test("ES256 tokens are taken")
  func es256() async throws {
    let clock = FakeClock()
    let key = try await TestIssuer.Key.es256("p256")
    let issuer = TestIssuer(url: "https://login.provider.example", keys: [key])
    let authenticator = try await authenticator(issuer.jwks, clock)
    let token = issuer.token(subject: "alice", roles: ["engineer"], at: clock.now())
    #expect(try authenticator.authenticate(Array(token.utf8)).subject.id == "alice")

    let zeros = String(repeating: "A", count: 86)
    let forged = token.split(separator: ".").dropLast().joined(separator: ".") + "." + zeros
    #expect(throws: TokenRefusal.signatureInvalid) {
      try authenticator.authenticate(Array(forged.utf8))
    }
  }

  @Test("an RS256 token that OpenSSL signed is taken, a changed one is not")
  func rs256() async throws {
    let authenticator = try await authenticator(RSAVector.jwks, FakeClock())
    let token = RSAVector.token
    #expect(try authenticator.authenticate(Array(token.utf8)).subject.id == "alice")
    var changed = Array(token.utf8)
    changed[changed.count - 8] = changed[changed.count - 8] == 0x41 ? 0x42 : 0x41
    #expect(throws: TokenRefusal.signatureInvalid) { try authenticator.authenticate(changed) }
  }

  private func authenticator(_ jwks: String, _ clock: FakeClock) async throws -> Authenticator {
    let directory = TemporaryDirectory()
    let issuer = Issuer(
      url: "https://login.provider.example", audience: "lockbox",
      keys: .file(directory.write("jwks", jwks)), affiliation: .provider)
    let log = LogCapture()
    let issuers = try await IssuerDirectory(
      [issuer], environment: .development, clock: clock, logger: log.logger())
    return Authenticator(issuers: issuers, clock: clock)
  }

  @Test("each issuer speaks for its side only")
  func separation() async throws {
    let people = try await PeopleFixture()
    let all = Role.allCases.map(\.rawValue) + ["root", "Engineer"]
    let now = people.clock.now()
    let provider = try people.authenticate(
      people.provider.token(subject: "x", roles: all, at: now))
    #expect(provider.roles == [.engineer, .manager, .operator])
    #expect(provider.affiliation == .provider)
    let contoso = try people.authenticate(people.contoso.token(subject: "x", roles: all, at: now))
    #expect(contoso.roles == [.approver, .admin, .auditor])
    #expect(contoso.tenant == TenantID("contoso"))
    #expect(provider.subject != contoso.subject)
  }

  @Test("a key of one issuer signs for no other, though its id is the same")
  func crossIssuer() async throws {
    let people = try await PeopleFixture()
    let claims = people.claims()
    let forged = people.provider.token(claims: claims, key: people.contoso.keys[0])
    #expect(throws: TokenRefusal.signatureInvalid) { try people.authenticate(forged) }
  }

  @Test(
    "30 seconds of leeway, to the second",
    arguments: [
      ("exp", -29, true), ("exp", -30, false), ("nbf", 30, true), ("nbf", 31, false),
      ("iat", 30, true), ("iat", 31, false),
    ])
  func leeway(_ claim: String, _ offset: Int64, _ good: Bool) async throws {
    let people = try await PeopleFixture()
    let time = Json.number("\(people.clock.now().seconds + offset)")
    var changes: [String: Json?] = [claim: time]
    if claim == "exp" { changes["iat"] = .number("\(people.clock.now().seconds - 100)") }
    let token = people.provider.token(claims: people.claims(changes))
    if good {
      #expect(try people.authenticate(token).subject.id == "alice")
    } else {
      #expect(throws: TokenRefusal.self) { try people.authenticate(token) }
    }
  }

  @Test("a token that was verified and remembered still ends")
  func rememberedTokenEnds() async throws {
    let people = try await PeopleFixture()
    let token = people.provider.token(claims: people.claims())
    _ = try people.authenticate(token)
    people.clock.advance(by: .seconds(3629))
    _ = try people.authenticate(token)
    people.clock.advance(by: .seconds(1))
    #expect(throws: TokenRefusal.expired) { try people.authenticate(token) }
  }

  @Test("more people than the cache holds are all known")
  func cacheIsBounded() async throws {
    let people = try await PeopleFixture()
    let authenticator = Authenticator(
      issuers: people.directoryOfIssuers, clock: people.clock, capacity: 4)
    for round in 0..<3 {
      for person in 0..<10 {
        let token = people.provider.token(
          subject: "person-\(person)", roles: ["engineer"], at: people.clock.now())
        let found = try authenticator.authenticate(Array(token.utf8))
        #expect(found.subject.id == "person-\(person)", "round \(round)")
      }
    }
  }

  @Test(
    "roles may stand deeper in the claims",
    arguments: ["realm_access.roles", "https://lockbox.example/roles"])
  func rolesClaim(_ name: String) async throws {
    let clock = FakeClock()
    let directory = TemporaryDirectory()
    let issuer = try await TestIssuer(url: "https://login.provider.example")
    var entry = Issuer(
      url: issuer.url, audience: "lockbox", keys: .file(directory.write("jwks", issuer.jwks)),
      affiliation: .provider)
    entry.rolesClaim = name
    let issuers = try await IssuerDirectory(
      [entry], environment: .production, clock: clock, logger: LogCapture().logger())
    var claims = issuer.claims(subject: "alice", roles: [], at: clock.now())
    claims["realm_access"] = .object(["roles": .array([.string("manager")])])
    claims["https://lockbox.example/roles"] = .array([.string("manager")])
    let token = issuer.token(claims: .object(claims))
    let person = try Authenticator(issuers: issuers, clock: clock)
      .authenticate(authorization: "bearer \(token)")
    #expect(person.roles == [.manager])
  }
}
