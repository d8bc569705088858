internal import Domain
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@Suite("Several issuers on one side, and what their claims mean")
struct SeveralIssuersTests {
  let directory = TemporaryDirectory()
  let clock = FakeClock()

  func authenticator(
    _ entries: [(issuer: TestIssuer, more: String)]
  ) async throws -> Authenticator {
    var yaml = "issuers:\n"
    for (index, entry) in entries.enumerated() {
      directory.write("\(index).jwks", entry.issuer.jwks)
      yaml += """
          - issuer: "\(entry.issuer.url)"
            audience: lockbox
            keys: \(index).jwks
            \(entry.more)

        """
    }
    return Authenticator(
      issuers: try await IssuerDirectory.load(
        directory.write("issuers.yaml", yaml), environment: .production, clock: clock,
        logger: LogCapture().logger()), clock: clock)
  }

  func enter(
    _ authenticator: Authenticator, _ issuer: TestIssuer, _ subject: String,
    roles: [String] = ["approver"], groups: [String] = []
  ) throws -> VerifiedPerson {
    try authenticator.authenticate(
      Array(
        issuer.token(subject: subject, roles: roles, groups: groups, at: clock.now()).utf8))
  }

  @Test("a second issuer's people and groups have names of their own in policies")
  func prefixes() async throws {
    let first = try await TestIssuer(url: "https://a.example")
    let second = try await TestIssuer(url: "https://b.example")
    let authenticator = try await authenticator([
      (first, "tenant: contoso"), (second, "{tenant: contoso, prefix: 'corp:'}".inline),
    ])
    let ana = try enter(authenticator, first, "ana", groups: ["owners", "corp:owners"])
    let other = try enter(authenticator, second, "ana", groups: ["owners"])
    #expect(ana.tenant == other.tenant && ana.subject != other.subject)
    #expect(ana.name == "ana" && other.name == "corp:ana" && other.subject.id == "ana")
    // The first issuer cannot give the second one's groups, nor name its people.
    #expect(ana.groups == ["owners"] && other.groups == ["corp:owners"])
    #expect(throws: TokenRefusal.claimsMalformed) {
      try enter(authenticator, first, "corp:ana")
    }
    #expect(try enter(authenticator, second, "corp:ana").name == "corp:corp:ana")
  }

  @Test("two issuers of one side without a prefix are refused at the start")
  func ambiguous() async throws {
    let first = try await TestIssuer(url: "https://a.example")
    let second = try await TestIssuer(url: "https://b.example")
    await #expect(throws: StartError.self) {
      try await authenticator([(first, ""), (second, "")])
    }
  }

  @Test("claims are mapped to roles, and then their own words count no more")
  func roleMapping() async throws {
    let issuer = try await TestIssuer(url: "https://a.example")
    let authenticator = try await authenticator([
      (issuer, "{tenant: contoso, roles: {approver: [sec, it], admin: [it]}}".inline)
    ])
    func roles(_ values: String...) throws -> Set<Role> {
      try enter(authenticator, issuer, "x", roles: values).roles
    }
    #expect(try roles("sec") == [.approver])
    #expect(try roles("it", "other") == [.approver, .admin])
    #expect(try roles("approver", "admin", "auditor", "SEC") == [])
  }

  @Test("only the words of a service token's scope count, and of nobody else's")
  func scope() async throws {
    let issuer = try await TestIssuer(url: "https://a.example")
    let authenticator = try await authenticator([(issuer, "")])
    func scope(_ roles: [String], _ claim: Json?) throws -> Set<String>? {
      var claims = issuer.claims(subject: "bot", roles: roles, at: clock.now())
      claims["scope"] = claim
      return try authenticator.authenticate(
        Array(issuer.token(claims: .object(claims)).utf8)
      ).scope
    }
    #expect(try scope(["operator"], .string("openid profile")) == nil)
    #expect(try scope(["operator", "automation"], nil) == [])
    #expect(try scope(["automation"], .string("a.B/C  d.E/F")) == ["a.B/C", "d.E/F"])
    #expect(throws: TokenRefusal.claimsMalformed) {
      try scope(["automation"], .array([.string("a")]))
    }
  }
}

extension String {
  /// The members of a flow mapping, one a line, for a block of YAML.
  fileprivate var inline: String {
    var depth = 0
    var text = ""
    for character in dropFirst().dropLast() {
      switch character {
      case "{", "[": depth += 1
      case "}", "]": depth -= 1
      default: break
      }
      text += character == "," && depth == 0 ? "\n   " : String(character)
    }
    return text
  }
}
