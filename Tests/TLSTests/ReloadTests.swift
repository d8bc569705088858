internal import DevPKI
internal import NIOCore
internal import TLS
internal import Testing

@Suite("Reloading", .timeLimit(.minutes(1)))
struct ReloadTests {
  @Test("new connections get the new certificate, living ones go on with the old")
  func underLiveConnections() async throws {
    let pki = try PKI()
    let context = try TLSContext(pki.serverConfiguration())
    let server = try await Loopback(context)
    let client = try TLSContext(pki.clientConfiguration())
    let first = try await server.connect(client)
    let firstFar = try await server.accept()
    let firstOpen = await first.outcome { $0.handshake != nil }
    _ = try pki.serverConfiguration()
    try context.reload()
    let second = try await server.connect(client)
    let secondOpen = await second.outcome { $0.handshake != nil }
    let fingerprints = [firstOpen, secondOpen].compactMap { $0.handshake?.peer?.leafSHA256 }
    #expect(Set(fingerprints).count == 2)
    try await firstFar.send([7])
    #expect(await first.outcome(after: firstOpen) { $0.bytes == [7] }.errors.isEmpty)
    try await first.channel.close()
    try await second.channel.close()
    try await server.close()
  }

  @Test("a revocation takes hold with the next connection")
  func revocation() async throws {
    let pki = try PKI()
    let credential = try pki.authority.issue(pki.clientRequest)
    let empty = try pki.authority.revocationList(revoking: [], validity: pki.validity)
    let context = try TLSContext(pki.serverConfiguration(revocationList: empty))
    let server = try await Loopback(context)
    let client = try TLSContext(pki.clientConfiguration(credential))
    let first = try await server.connect(client, greeting: [1])
    #expect(try await server.accept().outcome { $0.bytes == [1] }.errors.isEmpty)
    try pki.write(
      pki.authority.revocationList(revoking: [credential], validity: pki.validity), "crl.pem")
    #expect(context.reloadIfChanged() == .reloaded)
    let second = try await server.connect(client, greeting: [1])
    #expect(try await server.accept().outcome().reasons == [.certificateRefused(.revoked)])
    #expect(await second.outcome().bytes.isEmpty)
    try await first.channel.close()
    try await server.close()
  }

  @Test("a bad pair keeps the old one in use, is told once, and the repaired pair is taken")
  func badPair() async throws {
    let pki = try PKI()
    let context = try TLSContext(pki.serverConfiguration())
    #expect(context.reloadIfChanged() == nil)
    let renewed = try pki.authority.issue(pki.serverRequest)
    try pki.write(renewed.chainPEM, "server.pem")
    let mismatch = context.reloadIfChanged()
    guard case .kept(let error) = mismatch else {
      Issue.record("a mismatched pair was taken: \(String(describing: mismatch))")
      return
    }
    #expect(error.reason == .keyMismatch(chainFile: pki.path("server.pem")))
    #expect(context.reloadIfChanged() == nil)
    let server = try await Loopback(context, greeting: [1])
    let near = try await server.connect(TLSContext(pki.clientConfiguration()))
    #expect(await near.outcome { $0.bytes == [1] }.errors.isEmpty)
    try pki.write(renewed.keyPEM, "server.key")
    #expect(context.reloadIfChanged() == .reloaded)
    #expect(context.reloadIfChanged() == nil)
    try await near.channel.close()
    try await server.close()
  }

  @Test("a certificate that becomes valid is taken without another change of its file")
  func becomesValid() throws {
    let pki = try PKI()
    let now = Shared(pki.now)
    let context = try TLSContext(pki.serverConfiguration(), now: { now.value })
    let later = try pki.authority.issue(
      pki.serverRequest, from: pki.now + 100, to: pki.now + 90_000)
    _ = try pki.serverConfiguration(later)
    guard case .kept(let error) = context.reloadIfChanged() else {
      Issue.record("a certificate was taken before its time")
      return
    }
    #expect(error.reason == .notYetValid(.certificate, from: pki.now + 100))
    now.value += 100
    #expect(context.reloadIfChanged() == .reloaded)
    #expect(context.notAfter == pki.now + 90_000)
  }

  @Test("the watcher looks at every interval and tells what it did")
  func watcher() async throws {
    let pki = try PKI()
    let context = try TLSContext(pki.serverConfiguration())
    let clock = SteppingClock(steps: 3) { step in
      // Before the second look of three.
      if step == 1 { _ = try? pki.serverConfiguration() }
    }
    let news = Shared<[TLSReload]>([])
    await context.watch(every: .seconds(5), clock: clock) { reload in
      news.value.append(reload)
    }
    #expect(news.value == [.reloaded])
    #expect(clock.slept.value == .seconds(15))
  }
}

/// Time that passes as soon as somebody waits for it, a number of times; then it is cancelled.
private final class SteppingClock: Clock {
  let slept = Shared(Duration.zero)
  private let step = Shared(0)
  private let steps: Int
  private let before: @Sendable (Int) -> Void

  init(steps: Int, before: @escaping @Sendable (Int) -> Void) {
    self.steps = steps
    self.before = before
  }

  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  var now: Instant { Instant(offset: slept.value) }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let step = step.value
    self.step.value += 1
    guard step < steps else { throw CancellationError() }
    before(step)
    slept.value = deadline.offset
  }
}
