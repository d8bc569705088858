internal import Domain
internal import ServiceKit
internal import TemporaryFiles
internal import TestKit
internal import Testing

@Suite("The file of witnesses")
struct WitnessesFileTests {
  private let installation: TestInstallation

  init() async throws { installation = try await TestInstallation() }

  private func load(_ text: String) throws(StartError) -> [WitnessEntry] {
    installation.directory.write("witnesses.yaml", text)
    return try installation.configuration(
      of: .audit, section: AuditSettings.self,
      more: """
        audit: {signing_key: log.key, origin_prefix: log.test, witnesses: witnesses.yaml}
        """
    ).1.witnesses
  }

  @Test("a witness has a key and an address, and may be of one tenant")
  func good() throws {
    let witnesses = try load(
      """
      witnesses:
        - {key: "w/1+00000000+AA==", url: "https://w1.example/", tenant: acme, authorities: ca.pem}
        - {key: "w/2+00000000+AA==", url: "https://w2.example:7408/here"}
      """)
    #expect(
      witnesses.map(\.url.description) == [
        "https://w1.example/add-checkpoint", "https://w2.example:7408/here/add-checkpoint",
      ])
    #expect(witnesses.map { $0.tenant?.text } == ["acme", nil])
    #expect(witnesses[0].authorities == installation.directory.file("ca.pem"))
    #expect(witnesses[1].authorities.hasPrefix("/etc/ssl/"))
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      ("witness: []", "`witnesses`"), ("witnesses: {a: b}", "`witnesses`"),
      ("witnesses: [{key: k}]", "witnesses.yaml:1: a witness needs a `key` and a `url`"),
      ("witnesses: [{key: k, url: \"http://a\"}]", "`url` in"),
      ("witnesses: [{key: k, url: \"https://a?b\"}]", "`url` in"),
      ("witnesses: [{key: k, url: \"https://a\", tenant: A}]", "`tenant` in"),
      ("witnesses: [{key: k, url: \"https://a\", color: red}]", "`color` in"),
      (
        "witnesses: [{key: k, url: \"https://a\"}, {key: k, url: \"https://b\"}]",
        "the witness k stands twice"
      ),
    ])
  func bad(_ text: String, _ words: String) {
    let error = #expect(throws: StartError.self) { try load(text) }
    #expect(error?.exitCode == .configuration)
    #expect(error?.sentence.contains(words) == true, "\(error?.sentence ?? "")")
  }
}
