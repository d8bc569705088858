internal import RPC
internal import TemporaryFiles
internal import Testing

@testable internal import CommandLine

@Suite("ctl.yaml")
struct ConfigurationTests {
  @Test("paths are relative to the file, and everything is read")
  func good() throws {
    let scene = Scene()
    scene.write(
      Scene.controlFile + """

        server_name: localhost
        token_file: /etc/token
        development: {directory: .}
        access_tokens: {keys: keys.json, issuer: https://a.test, audience: https://b.test}
        """, to: "ctl.yaml")
    let configuration = try Configuration(file: scene.path("ctl.yaml"))
    #expect(configuration.trustRoots == scene.path("ca.pem"))
    #expect(configuration.tokenFile == "/etc/token")
    #expect(configuration.developmentDirectory == scene.directory.path)
    #expect(configuration.accessTokens?.keys == scene.path("keys.json"))
    #expect(configuration.endpoints[.audit]?.authority == "127.0.0.1:7404")
    #expect(configuration.logKeys["acme"] == Scene.logVerifier)
  }

  @Test(
    "what is wrong is told with its line and the way out",
    arguments: [
      ("endpoint:", "`endpoint` is no key of ctl.yaml; did you mean `endpoints`?", "endpoints:"),
      ("  intakes:", "`intakes` is no key of `endpoints`; did you mean `intake`?", "  intake:"),
      ("7401x", "`endpoints.intake` must be an address", "7401"),
      ("trusted: x", "`trust_roots` is missing", "trust_roots: ca.pem"),
      ("acme: nonsense+", "`log_keys.acme` is no verifier key", "acme: log."),
    ])
  func wrong(replacement: String, complaint: String, original: String) async {
    let scene = Scene()
    scene.write(Scene.controlFile.replacing(original, with: replacement), to: "ctl.yaml")
    let outcome = await scene.run(["list"])
    #expect(outcome.status == .configuration)
    #expect(outcome.errors.joined(separator: "\n").contains(complaint), "\(outcome.errors)")
  }

  @Test("a file that is not there is named")
  func missing() async {
    let outcome = await Scene().run(["list", "--config", "/nonexistent/ctl.yaml"])
    #expect(outcome.status == .configuration)
    #expect(
      outcome.errors == [
        "lockboxctl: /nonexistent/ctl.yaml cannot be read: No such file or directory."
      ])
  }

  @Test("what is no token is not sent", arguments: ["a b", "line\nline", "ünïcode", "\u{1B}"])
  func badToken(token: String) async {
    let scene = Scene()
    let outcome = await scene.run(["list"], environment: ["LOCKBOXCTL_TOKEN": token])
    #expect(outcome.status == .configuration)
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test("--as needs a development set-up")
  func noDevelopment() async {
    let outcome = await Scene().run(["list", "--as", "erin"])
    #expect(outcome.status == .usage)
    #expect(outcome.errors.first?.contains("development issuers only") == true)
  }
}
