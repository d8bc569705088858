internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Portal

@Suite("Portal: settings")
struct SettingsTests {
  private let directory = TemporaryDirectory()

  private func issuers() -> [Issuer] {
    [
      Issuer(
        url: "https://login.example", audience: "lockbox", keys: .discovery,
        affiliation: .provider),
      Issuer(
        url: "urn:opaque://x", audience: "lockbox", keys: .file("x"), affiliation: .provider),
    ]
  }

  private func load(_ text: String) throws -> [IssuerClient] {
    try ClientsFile.load(directory.write("clients.yaml", text), issuers())
  }

  @Test("a client needs its issuer and its id, and has sensible words for the rest")
  func usual() throws {
    let client = try #require(
      try load("clients: [{issuer: \"https://login.example\", client_id: portal}]").first)
    #expect(client.organisation == "provider" && client.name == "provider")
    #expect(client.apiToken == .accessToken && client.scope == "openid profile")
    #expect(client.authorities == Issuer.systemAuthorities)
    #expect(try client.secret() == nil)
  }

  @Test("a secret is the first line of its file, as it is now")
  func secrets() throws {
    let file = directory.write("secret", "first\nsecond\n")
    let client = try #require(
      try load(
        """
        clients:
          - {issuer: "https://login.example", client_id: portal, client_secret_file: \(file)}
        """
      ).first)
    #expect(try client.secret() == "first")
    directory.write("secret", "new")
    #expect(try client.secret() == "new")
  }

  @Test(
    "what cannot work is told with its place and the way out",
    arguments: [
      ("clients: []", "must hold one key"), ("others: [a: b]", "must hold one key"),
      ("clients: [{client_id: a}]", "`issuer` is missing"),
      ("clients: [{issuer: \"https://login.example\"}]", "`client_id` is missing"),
      ("clients: [{issuer: \"https://other.example\", client_id: a}]", "is not in `issuers`"),
      ("clients: [{issuer: \"https://login.example\", client_id: a, klient: b}]", "no known key"),
      (
        "clients: [{issuer: \"https://login.example\", client_id: a, organisation: \"../a\"}]",
        "`organisation`"
      ),
      (
        "clients: [{issuer: \"https://login.example\", client_id: a, token_endpoint: \"https://a\"}]",
        "belong together"
      ),
      (
        """
        clients: [{issuer: "https://login.example", client_id: a, token_endpoint: "http://a", \
        authorization_endpoint: "https://a"}]
        """, "an https URL"
      ),
      ("clients: [{issuer: \"urn:opaque://x\", client_id: a}]", "configuration_url"),
      (
        """
        clients:
          - {issuer: "https://login.example", client_id: a}
          - {issuer: "https://login.example", client_id: b}
        """, "stands twice"
      ),
      (
        "clients: [{issuer: \"https://login.example\", client_id: a, api_token: both}]",
        "`id_token`, `access_token`"
      ),
    ])
  func faults(_ text: String, _ sentence: String) {
    #expect {
      try load(text)
    } throws: { error in
      (error as? StartError)?.sentence.contains(sentence) ?? false
    }
  }
}
