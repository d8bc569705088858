internal import Domain
internal import Files
internal import ServiceKit
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

@Suite("Portal: as a process", .serialized)
struct ProcessTests {
  /// A portal process with an issuer and services of this test, on the machine's clock.
  private final class Fixture: Sendable {
    let base: PortalFixture
    let output: String
    let address: Address

    init() async throws {
      let now = Timestamp(nanoseconds: TimeOfDay.nanoseconds)
      base = try await PortalFixture(clock: FakeClock(now))
      output = base.installation.directory.file("portal.out")
      // The port of the listener in this process is free once that has stopped.
      address = base.address
      base.listener.shutdown()
      try await base.listener.run()
    }

    func start() async throws -> ChildProcess {
      let process = ChildProcess(
        "\(buildDirectory)/lockbox-portal",
        [
          "--config", base.installation.directory.file("portal.yaml"), "--set",
          "https_listener.address=\(address)", "--set", "metrics.address=127.0.0.1:0",
        ], output: output)
      let isReady = await eventually {
        let answer = try? await base.browser().ask("GET", "/health")
        return process.ending() != nil || answer?.status == 200
      }
      try #require(isReady && process.ending() == nil, "\(text(ofFile: output))")
      return process
    }

    func stop() async throws {
      base.services.stop()
      try await base.issuer.stop()
    }
  }

  @Test("sessions and sign-ins under way survive kill -9")
  func killed() async throws {
    let fixture = try await Fixture()
    var process = try await fixture.start()
    let browser = try await fixture.base.signedIn()
    let waiting = fixture.base.browser()
    let back = try await waiting.goToIssuer()
    for _ in 0..<3 {
      process.kill()
      process = try await fixture.start()
      #expect(try await browser.ask("GET", "/requests").status == 200)
    }
    #expect(try await waiting.ask("GET", back).status == 303)
    #expect(try await waiting.ask("GET", "/requests").status == 200)
    #expect(try await browser.post("/sign-out").status == 200)
    let session = try #require(waiting.session)
    process.kill()
    process = try await fixture.start()
    #expect(try await browser.ask("GET", "/requests").status == 303)
    #expect(await process.terminate() == .exited(0))
    let lines = text(ofFile: fixture.output)
    #expect(lines.contains("ready") && lines.contains("stopped"))
    for secret in fixture.base.issuer.tokens + [session] { #expect(!lines.contains(secret)) }
    try await fixture.stop()
  }

  @Test("a live page ends with the drain, and the process soon after")
  func drains() async throws {
    let fixture = try await Fixture()
    let process = try await fixture.start()
    let browser = try await fixture.base.signedIn()
    let caller = try await fixture.base.caller()
    try await caller.send(
      "GET /live HTTP/1.1\r\nhost: a\r\ncookie: __Host-session=\(browser.session ?? "")\r\n\r\n")
    try await caller.read(until: "event: ready")
    #expect(await process.terminate() == .exited(0))
    try await caller.ended()
    try await fixture.stop()
  }

  @Test("a configuration is checked without binding anything, and its faults are one sentence")
  func check() async throws {
    let fixture = try await Fixture()
    let file = fixture.base.installation.directory.file("portal.yaml")
    for (flags, code, sentence) in [
      ([], 0, "the configuration is good"), (["--set", "publik_url=x"], 78, "publik_url"),
      (["--set", "public_url=http://a"], 78, "`public_url`"),
      (["--set", "public_url=https://a/b"], 78, "`public_url`"),
      (["--set", "metrics.address=192.0.2.1:1"], 78, "`metrics.address`"),
      (["--set", "clients=nowhere.yaml"], 78, "nowhere.yaml"),
      (["--set", "services.authorities=nowhere.pem"], 78, "nowhere.pem"),
    ] as [([String], Int32, String)] {
      let output = fixture.base.installation.directory.file("check\(flags.joined().count).out")
      let process = ChildProcess(
        "\(buildDirectory)/lockbox-portal", ["--config", file, "--check"] + flags, output: output)
      #expect(await process.end() == .exited(code), "\(flags)")
      #expect(text(ofFile: output).contains(sentence), "\(text(ofFile: output))")
    }
    try await fixture.stop()
  }
}
