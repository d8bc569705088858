internal import CommandLine
internal import ServiceKit
internal import TemporaryFiles
internal import TestKit
internal import Testing

@Suite("lockbox-dev as a process")
struct ProcessTests {
  private let home = TemporaryDirectory()

  private func start(
    _ flags: [String], _ command: String = "issuer"
  ) -> (ChildProcess, output: String) {
    let output = home.file("out")
    let settings = (["directory=\(home.file("dev"))", "log.format=json"] + flags)
      .flatMap { ["--set", $0] }
    return (
      ChildProcess("\(buildDirectory)/lockbox-dev", [command] + settings, output: output), output
    )
  }

  /// Where it says that it listens.
  private func address(_ child: ChildProcess, _ output: String) async throws -> Substring {
    var found: Substring?
    _ = await eventually {
      let line = text(ofFile: output).split(separator: "\n").first { $0.contains(#""ready""#) }
      found = line?.firstRange(of: #""https_address":""#).flatMap { range in
        line?[range.upperBound...].prefix { $0 != "\"" }
      }
      return found != nil || child.ending() != nil
    }
    return try #require(found, "\(text(ofFile: output))")
  }

  @Test("it says that it is for development, serves browsers that trust its authority, and drains")
  func life() async throws {
    let status = await CommandLineTool.run(["dev", "init", "--directory", home.file("dev")])
    try #require(status == .success)
    let (child, output) = start(["issuer.address=127.0.0.1:0"])
    let address = try #require(HTTPSURL("https://\(try await address(child, output))/acme/keys"))
    #expect(text(ofFile: output).contains("for development only"))
    let client = try HTTPSClient(
      authorities: home.file("dev/ca/ca.pem"), timeout: .seconds(20))
    #expect(
      String(decoding: try await client.get(address).body, as: UTF8.self).contains("dev-acme"))
    #expect(await child.terminate() == .exited(0))
  }

  @Test("a mail server starts with the certificate of `dev init`, and shows what came")
  func mail() async throws {
    let status = await CommandLineTool.run(["dev", "init", "--directory", home.file("dev")])
    try #require(status == .success)
    let (child, output) = start(
      ["mail.address=127.0.0.1:0", "mail.smtp_address=127.0.0.1:0"], "mail")
    let address = try #require(HTTPSURL("https://\(try await address(child, output))/mails.json"))
    let client = try HTTPSClient(authorities: home.file("dev/ca/ca.pem"), timeout: .seconds(20))
    #expect(try await client.get(address).body == Array("[]".utf8))
    #expect(await child.terminate() == .exited(0))
  }

  @Test("without `dev init` it says what to do")
  func notSetUp() async {
    let (child, output) = start([])
    #expect(await child.end() == .exited(78))
    #expect(text(ofFile: output).contains("lockboxctl dev init"))
  }
}
