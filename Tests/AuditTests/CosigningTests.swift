internal import Domain
internal import MerkleLog
internal import RPC
internal import Storage
internal import TLS
internal import TemporaryFiles
internal import TestKit
internal import Testing
internal import Web

@testable internal import Audit
@testable internal import ServiceKit
@testable internal import Witness

@Suite("Checkpoints with cosignatures")
struct CosigningTests {
  let directory = TemporaryDirectory()
  let pki: TestPKI
  let log = LogCapture()

  init() { pki = TestPKI(in: directory) }

  /// A real witness in this process.
  private struct Peer {
    let signer: CosignatureSigner
    let listener: HTTPSListener
    let store: WitnessStore
    let url: String

    func stop() async throws {
      listener.shutdown()
      try await listener.run()
      await store.database.close()
    }
  }

  private func peer(_ name: String, port: Int = 0, key: SigningKey = .generate()) async throws
    -> Peer
  {
    let files = pki.files(name, uri: nil)
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key), clientCertificates: .none)
    tls.speaksHTTP()
    let clock = FakeClock()
    let signer = CosignatureSigner(name: KeyName("witness.test/\(name)")!, key: key)
    let store = try WitnessStore(
      path: directory.file("\(name).db"), clock: clock, onFatal: { preconditionFailure("\($0)") })
    let judge = WitnessJudge([TestService.verifier(.acme), TestService.verifier(.globex)])
    let listener = HTTPSListener(
      WitnessHandlers(judge, store, signer, log.logger()).routes,
      on: Address(host: "127.0.0.1", port: port), addressKey: "https_listener.address",
      tls: try TLSContext(tls), authorizer: nil, clock: clock, logger: log.logger())
    let address = try await listener.start()
    return Peer(signer: signer, listener: listener, store: store, url: "https://\(address)")
  }

  private func witness(_ peer: Peer, url: String? = nil, tenant: String? = "acme") throws -> Witness
  {
    try Witness(
      WitnessEntry(
        key: peer.signer.verifier.vkey,
        url: try #require(HTTPSURL((url ?? peer.url) + "/add-checkpoint")),
        tenant: tenant.flatMap { TenantID($0) }, authorities: pki.authorities, place: "here"))
  }

  private func keep(_ name: String = "cosignatures.db") throws -> CosignatureStore {
    try CosignatureStore(
      path: directory.file(name), clock: FakeClock(), onFatal: { preconditionFailure("\($0)") })
  }

  private func demand(_ count: Int, _ peers: Peer...) throws -> CosignatureDemand {
    try CosignatureDemand(
      RequiredCosignatures(count: count, witnesses: peers.map(\.signer.verifier.vkey)).message)
  }

  @Test("a receipt carries the cosignatures demanded, and so does the newest checkpoint then")
  func cosigned() async throws {
    let (one, two) = (try await peer("w1"), try await peer("w2"))
    let kept = try keep()
    let store = MemoryAuditStore()
    let service = TestService(
      store, witnesses: [try witness(one), try witness(two)], kept: kept, log: log)
    var events = TestEvents()
    for size in [3, 9, 30] as [UInt64] {
      let batch = events.batch(Int(size) - Int(try await store.read(.acme) { try $0.size() }))
      _ = try await store.append(batch)
      let wanted = try demand(2, one, two)
      let (_, receipt) = try await service.receipts.receipt(
        of: batch.events[0].id, in: .acme, cosigned: wanted)
      let note = try SignedNote(parsing: receipt.checkpoint)
      #expect(try note.cosignatures(by: wanted.witnesses).count == 2)
      #expect(try TestService.verified(receipt.checkpoint, of: .acme).size == size)
      #expect(try await service.checkpoints.newest(of: .acme) == note.serialized)
    }
    try await one.stop()
    try await two.stop()
    // What was gathered is not asked for again, also by the next run of the service.
    let again = TestService(store, witnesses: [], kept: kept, log: log)
    let checkpoint = try await again.checkpoints.checkpoint(
      of: .acme, covering: 30, cosigned: try demand(2, one, two))
    #expect(checkpoint.size == 30)
    await kept.database.close()
  }

  @Test("without enough of them there is no receipt, and the caller learns which is missing")
  func missing() async throws {
    let (up, down) = (try await peer("w1"), try await peer("w2"))
    try await down.stop()
    let kept = try keep()
    let store = MemoryAuditStore()
    let service = TestService(
      store, witnesses: [try witness(up), try witness(down)], kept: kept, log: log)
    var events = TestEvents()
    _ = try await store.append(events.batch(3))
    for _ in 0..<2 {
      let error = await #expect(throws: RPCError.self) {
        _ = try await service.checkpoints.checkpoint(
          of: .acme, covering: 3, cosigned: try demand(2, up, down))
      }
      #expect(error?.code == .unavailable && error?.reason == "COSIGNATURES_MISSING")
      #expect(
        error?.message == """
          the checkpoint has 1 of the 2 cosignatures that the tenant demands \
          (witness.test/w2: unreachable)
          """)
    }
    #expect(
      try await service.checkpoints.checkpoint(
        of: .acme, covering: 3, cosigned: try demand(1, up, down)
      ).size == 3)
    let stranger = try await peer("w3")
    let unknown = await #expect(throws: RPCError.self) {
      _ = try await service.checkpoints.checkpoint(
        of: .acme, covering: 3, cosigned: try demand(1, stranger))
    }
    #expect(unknown?.message.contains("not configured") == true)
    try await stranger.stop()
    try await up.stop()
    await kept.database.close()
  }

  @Test("a witness sees no log but the one of its tenant")
  func follows() async throws {
    let peer = try await peer("w1")
    let kept = try keep()
    let store = MemoryAuditStore()
    let service = TestService(store, witnesses: [try witness(peer)], kept: kept, log: log)
    var events = TestEvents()
    _ = try await store.append(events.batch(4, tenants: ["acme", "globex"]))
    await service.checkpoints.offer([.acme, .globex, .provider])
    #expect(try await peer.store.note(of: TestService.origins.origin(of: .acme)) != nil)
    #expect(try await peer.store.note(of: TestService.origins.origin(of: .globex)) == nil)
    try await peer.stop()
    await kept.database.close()
  }

  @Test("a log that was rolled back, or forked, gets no cosignature and no receipt")
  func rolledBack() async throws {
    let peer = try await peer("w1")
    let kept = try keep()
    let store = MemoryAuditStore()
    let first = TestService(store, witnesses: [try witness(peer)], kept: kept, log: log)
    var events = TestEvents()
    _ = try await store.append(events.batch(20))
    let wanted = try demand(1, peer)
    _ = try await first.checkpoints.checkpoint(of: .acme, covering: 20, cosigned: wanted)
    // An old copy of the log, and what has happened since is written anew.
    for size in [5, 20, 40] {
      let other = MemoryAuditStore()
      var others = TestEvents(.intake, "rolled back to \(size)")
      _ = try await other.append(others.batch(size))
      let forgetful = try keep("forgetful-\(size).db")
      let service = TestService(
        other, witnesses: [try witness(peer)], kept: forgetful, log: log)
      let error = await #expect(throws: RPCError.self) {
        _ = try await service.checkpoints.checkpoint(
          of: .acme, covering: UInt64(size), cosigned: wanted)
      }
      #expect(error?.reason == "COSIGNATURES_MISSING")
      await forgetful.database.close()
    }
    #expect(log.lines.contains { $0.contains("LOG_ROLLED_BACK") })
    #expect(log.lines.contains { $0.contains("LOG_FORKED") })
    try await peer.stop()
    await kept.database.close()
  }
}
