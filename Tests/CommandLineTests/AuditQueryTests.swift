internal import Domain
internal import DomainProto
internal import Files
internal import LockboxProto
internal import LogStore
internal import MerkleLog
internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Asking the log")
struct AuditQueryTests {
  @Test("a search asks for words, a person, a period and kinds, page after page")
  func search() async throws {
    let scene = Scene()
    let entry = AuditV1.Entry(
      index: 7,
      event: try EventV1.Event(
        time: Example.time(.zero), tenantID: "acme",
        payload: .withdrawalReceived(.init(comment: "mail loops"))
      ).serialized())
    // A page without an entry is not the last.
    try scene.services.answer(AuditV1.AuditService.listEntries, .init(nextPageToken: "more"))
    try scene.services.answer(AuditV1.AuditService.listEntries, .init(entries: [entry]))
    let outcome = await scene.run([
      "audit", "search", "--tenant", "acme", "--person", "erin", "--kind", "withdrawal_received",
      "--after", "2026-11-01T00:00:00Z", "mail", "loop",
    ])
    #expect(outcome.status == .success, "\(outcome.errors)")
    #expect(outcome.output.last?.contains("mail loops") == true)
    let asked = try scene.services.requests(of: AuditV1.AuditService.listEntries)
    #expect(
      asked.map(\.text) == ["mail loop", "mail loop"] && asked.map(\.pageToken) == ["", "more"])
    #expect(asked[0].person == "erin" && asked[0].kinds == ["withdrawal_received"])
    #expect(Timestamp(asked[0].startTime)?.description == "2026-11-01T00:00:00Z")
    #expect(await scene.run(["audit", "search", "--tenant", "acme"]).status == .usage)
  }

  @Test("statistics are of the last 30 days unless said otherwise")
  func statistics() async throws {
    let scene = Scene()
    try scene.services.answer(
      AuditV1.AuditService.getStatistics,
      .init(
        entries: 12, kinds: [.init(kind: "decision_recorded", count: 8)],
        outcomes: .init(received: 5, approved: 3, denied: 1, breakGlass: 1),
        medianTimeToDecision: .init(.minutes(2)),
        days: [.init(day: Example.time(.zero), entries: 12, outcomes: .init(approved: 3))]))
    let outcome = await scene.run(["audit", "stats", "--tenant", "acme"])
    #expect(outcome.status == .success, "\(outcome.errors)")
    let text = outcome.output.joined(separator: "\n")
    for part in ["12 entries", "Approved", "8 decision_recorded", "2 min", "2026-11-21"] {
      #expect(text.contains(part), "\(part): \(text)")
    }
    let asked = try #require(
      try scene.services.requests(of: AuditV1.AuditService.getStatistics).first)
    #expect(Timestamp(asked.endTime) == Scene.now)
    #expect(Timestamp(asked.startTime) == Scene.now - .hours(30 * 24))
  }

  @Test("what retention dropped is said so, and verified by its hash")
  func dropped() async throws {
    let scene = Scene()
    let log = AuditTests.Log(size: 7)
    var entries = try log.entries()
    for index in 0..<4 {
      entries[index].leafHash = Hash.leaf(entries[index].event).bytes
      entries[index].event = []
    }
    try scene.services.answer(
      AuditV1.AuditService.getCheckpoint, .init(checkpoint: try log.checkpoint()))
    try scene.services.answer(AuditV1.AuditService.listEntries, .init(entries: entries))
    let verified = await scene.run(["audit", "verify", "--tenant", "acme"])
    #expect(verified.status == .success, "\(verified.errors)")
    #expect(verified.errors.contains { $0.hasPrefix("4 events were dropped") })
    let listed = await scene.run(["audit", "list", "--tenant", "acme"])
    #expect(listed.output.count { $0.contains("dropped by retention") } == 4)
    let events = await scene.run(["audit", "list", "--tenant", "acme", "--events"])
    #expect(events.status == .success && events.output.count == 3)
  }

  // MARK: - fsck

  private static func signer(_ key: SigningKey) -> CheckpointSigner {
    { log, size, root in
      guard let name = KeyName("log.lockbox.test/\(log)") else { return nil }
      return try? Checkpoint(origin: name, size: size, root: root)
        .signed(by: [NoteSigner(name: name, key: key)]).serialized
    }
  }

  /// A log of 40 entries of two tenants in a scene's directory.
  private static func makeLog(_ scene: Scene) async throws -> String {
    let path = scene.path("log")
    let store = try LogStore(at: path) { Issue.record("\($0)") }
    for batch in 0..<UInt64(4) {
      let entries = (0..<UInt64(10)).map { number in
        NewEntry(
          log: number % 2 == 0 ? "acme" : "globex", id: Key128(high: batch * 10 + number, low: 1),
          time: 0, body: Array("entry \(batch) \(number)".utf8))
      }
      try await store.append(NewBatch(entries: entries, signer: signer(Scene.logKey)))
    }
    await store.close()
    return path
  }

  @Test("files that are what was logged pass, their checkpoints signed by the keys given")
  func goodFiles() async throws {
    let scene = Scene()
    let path = try await Self.makeLog(scene)
    let outcome = await scene.run([
      "audit", "fsck", path, "--log-key", Scene.logVerifier.vkey,
    ])
    #expect(outcome.status == .success, "\(outcome.errors)")
    #expect(
      outcome.output == [
        "✓ 40 entries in 2 logs and 1 segments are what was logged",
        "✓ 8 checkpoints are of these entries; the signatures of 4 were checked",
      ])
    let json = await scene.run(["audit", "fsck", path, "--output", "json"])
    #expect(json.output.first?.hasPrefix(#"{"entries":"40","logs":2,"segments":1,"#) == true)
  }

  @Test("a changed byte is named by file, byte, sequence, log and index")
  func changedFiles() async throws {
    let scene = Scene()
    let path = try await Self.makeLog(scene)
    let segment = "\(path)/segments/0000000000.seg"
    let file = try PosixFileSystem().open(segment, creates: false, isReadOnly: false)
    let bytes = try File.read(segment)
    let place = try #require(bytes.firstRange(of: Array("entry 1 4".utf8))?.lowerBound)
    _ = try [UInt8(ascii: "E")].withUnsafeBytes { try file.write($0, at: UInt64(place)) }
    let outcome = await scene.run(["audit", "fsck", path])
    #expect(outcome.status == .refused)
    let line = try #require(outcome.output.first)
    #expect(line.hasPrefix("✗ segments/0000000000.seg at byte "))
    #expect(line.contains("entries 10 to 19 of the store"))
    let json = await scene.run(["audit", "fsck", path, "--output", "json"])
    #expect(json.status == .refused)
    #expect(json.output.first?.contains(#""firstSequence":"10","lastSequence":"19""#) == true)
  }

  @Test("a key that signed nothing here is a finding; what is no log, or in use, is no verdict")
  func noVerdict() async throws {
    let scene = Scene()
    let path = try await Self.makeLog(scene)
    let foreign = NoteVerifier(
      name: Scene.logVerifier.name,
      key: SigningKey(seed: [UInt8](repeating: 9, count: 32))!.publicKey)
    let forged = await scene.run(["audit", "fsck", path, "--log-key", foreign.vkey])
    #expect(forged.status == .refused)
    #expect(forged.output.first?.contains("is not signed by the log's key") == true)

    #expect(await scene.run(["audit", "fsck", scene.path("nowhere")]).status == .incomplete)
    #expect(await scene.run(["audit", "fsck", scene.path(".")]).status == .incomplete)
    let store = try LogStore(at: path) { Issue.record("\($0)") }
    let busy = await scene.run(["audit", "fsck", path])
    #expect(busy.status == .incomplete)
    #expect(busy.errors.first?.contains("another process has this store open") == true)
    await store.close()
    #expect(await scene.run(["audit", "fsck"]).status == .usage)
    #expect(await scene.run(["audit", "fsck", path, "--log-key", "x"]).status == .usage)
  }
}
