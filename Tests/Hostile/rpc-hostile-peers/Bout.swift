internal import Glibc

/// One attack against one server.
struct Bout {
  let name: AttackName
  let seconds: Int
  let floor: Duration
  let pki: HostilePKI
  let server: String
  let program: String

  private static let mostGrowth = 64 << 20
  private static let quietTime = Duration.seconds(3)

  func fight() async throws -> Verdict {
    let attack = name.attack
    let server = try await ServerUnderTest(
      program: server, pki: pki, name: name.rawValue, asksForCertificates: attack.hasCertificate)
    let caller = try HonestCaller(
      port: server.port, pki: pki, hasCertificate: attack.hasCertificate)
    var verdict = Verdict(name: name.rawValue)
    _ = await caller.call(for: .milliseconds(500))
    verdict.quiet = await caller.call(for: Self.quietTime)
    let before = server.process.residentBytes
    let attackers = try ChildProcess(
      arguments(attack, port: server.port), files: pki.path(name.rawValue + "-attackers"),
      isIdle: true)
    async let peak = Self.peak(of: server.process, for: .seconds(seconds))
    verdict.attacked = await caller.call(for: .seconds(seconds))
    verdict.growth = await peak - before
    await attackers.end(within: .seconds(30))
    verdict.isAlive = server.process.isRunning
    verdict.read(try ChildProcess.contents(of: attackers.output))
    if verdict.isAlive { verdict.account = try await server.account() }
    await caller.end()
    server.process.signal(SIGTERM)
    await server.process.end(within: .seconds(10))
    verdict.judge(attack, floor: floor, mostGrowth: Self.mostGrowth)
    return verdict
  }

  private func arguments(_ attack: Attack, port: Int) -> [String] {
    let certificate =
      attack.hasCertificate
      ? ["--cert", pki.path("hostile.pem"), "--key", pki.path("hostile.key")] : []
    return [
      program, "attack", "--name", name.rawValue, "--port", "\(port)", "--ca",
      pki.path("ca.pem"), "--seconds", "\(seconds)",
    ] + certificate
  }

  /// The most resident bytes in a time.
  private static func peak(of process: ChildProcess, for time: Duration) async -> Int {
    let end = ContinuousClock.now + time
    var peak = 0
    while ContinuousClock.now < end {
      peak = max(peak, process.residentBytes)
      try? await Task.sleep(for: .milliseconds(250))
    }
    return peak
  }
}
