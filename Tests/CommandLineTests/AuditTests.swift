internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import Testing

@testable internal import CommandLine

@Suite("The log")
struct AuditTests {
  /// A log of events that services hand out as a test wants it.
  struct Log {
    var events: [EventV1.Event]
    var key = Scene.logKey

    init(size: Int) {
      events = (0..<size).map { index in
        EventV1.Event(
          feed: "approvals", sequence: UInt64(index + 1), eventID: "event-\(index)",
          time: Example.time(.seconds(index)), tenantID: "acme", requestID: Example.requestID,
          payload: .withdrawalReceived(.init(comment: "entry \(index)")))
      }
    }

    var leaves: [Hash] {
      get throws { try events.map { Hash.leaf(try $0.serialized()) } }
    }

    func checkpoint() throws -> String {
      var tree = CompactTree()
      for leaf in try leaves { tree.append(leaf) }
      let name = KeyName("log.lockbox.test/acme")!
      return try Checkpoint(origin: name, size: tree.size, root: tree.root)
        .signed(by: [NoteSigner(name: name, key: key)]).serialized
    }

    func entries() throws -> [AuditV1.Entry] {
      try events.enumerated().map {
        .init(index: UInt64($0.offset), event: try $0.element.serialized())
      }
    }
  }

  private func serve(
    _ log: Log, on scene: Scene, entries change: (inout [AuditV1.Entry]) throws -> Void = { _ in }
  ) throws {
    try scene.services.answer(
      AuditV1.AuditService.getCheckpoint, .init(checkpoint: try log.checkpoint()))
    var entries = try log.entries()
    try change(&entries)
    let half = entries.count / 2
    let method = AuditV1.AuditService.listEntries
    try scene.services.answer(
      method, .init(entries: Array(entries.prefix(half)), nextPageToken: "next"))
    try scene.services.answer(method, .init(entries: Array(entries.dropFirst(half))))
  }

  @Test("a log that is what it signed verifies, and is saved")
  func good() async throws {
    let scene = Scene()
    try serve(Log(size: 7), on: scene)
    let saved = scene.path("acme.checkpoint")
    let outcome = await scene.run(["audit", "verify", "--tenant", "acme", "--save", saved])
    #expect(outcome.status == .success, "\(outcome.errors)")
    #expect(outcome.output == ["✓ 7 entries of log.lockbox.test/acme are in the signed tree"])
    #expect(try SavedCheckpoint.read(saved) == Log(size: 7).checkpoint())
  }

  @Test("a grown log contains the one of an older checkpoint")
  func since() async throws {
    let scene = Scene()
    scene.write(try Log(size: 3).checkpoint(), to: "old")
    try serve(Log(size: 7), on: scene)
    let outcome = await scene.run([
      "audit", "verify", "--tenant", "acme", "--since", scene.path("old"),
    ])
    #expect(outcome.status == .success, "\(outcome.errors)")
    #expect(outcome.output.last == "✓ the log of size 3 is its beginning")
  }

  @Test("a log whose past was changed is found out by an older checkpoint")
  func rewritten() async throws {
    let scene = Scene()
    scene.write(try Log(size: 3).checkpoint(), to: "old")
    var log = Log(size: 7)
    log.events[1].eventID = "another"
    try serve(log, on: scene)
    let outcome = await scene.run([
      "audit", "verify", "--tenant", "acme", "--since", scene.path("old"),
    ])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.first?.contains("Entries before 3 are others") == true)
  }

  @Test("a log that lost entries is found out")
  func shrunk() async throws {
    let scene = Scene()
    scene.write(try Log(size: 7).checkpoint(), to: "old")
    try serve(Log(size: 5), on: scene)
    let outcome = await scene.run([
      "audit", "verify", "--tenant", "acme", "--since", scene.path("old"),
    ])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.first?.contains("entries were taken away") == true)
  }

  @Test("the first entry that is not the signed one is named", arguments: 0..<7)
  func changed(index: Int) async throws {
    let scene = Scene()
    let log = Log(size: 7)
    try serve(log, on: scene) { entries in
      var event = log.events[index]
      event.eventID = "forged"
      entries[index].event = try event.serialized()
    }
    try answerConsistency(scene, log, bad: index)
    let outcome = await scene.run(["audit", "verify", "--tenant", "acme"])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.first?.contains("Entry \(index) is not the one") == true)
  }

  /// The proofs in the order in which bisecting asks for them.
  private func answerConsistency(_ scene: Scene, _ log: Log, bad index: Int) throws {
    var nodes: [TreeNode: Hash] = [:]
    var tree = CompactTree()
    for leaf in try log.leaves { tree.append(leaf) { nodes[$0] = $1 } }
    var good = 0
    var bad = log.events.count
    while bad - good > 1 {
      let middle = (good + bad) / 2
      let proof = ConsistencyProof.make(old: UInt64(middle), new: tree.size) { nodes[$0]! }
      try scene.services.answer(
        AuditV1.AuditService.getConsistencyProof,
        .init(newSize: tree.size, hashes: proof.map(\.bytes)))
      if middle <= index { good = middle } else { bad = middle }
    }
  }

  @Test("what is missing, no event, or another's is named")
  func broken() async throws {
    let cases: [(String, @Sendable (inout [AuditV1.Entry]) throws -> Void)] = [
      ("Entry 4 is missing: 5 comes instead", { $0.remove(at: 4) }),
      ("Entry 6 is missing: the log ends", { $0.removeLast() }),
      ("Entry 2 holds no event", { $0[2].event = [0xFF] }),
      (
        "Entry 3 is of another log: globex",
        { entries in
          var event = Log(size: 7).events[3]
          event.tenantID = "globex"
          entries[3].event = try event.serialized()
        }
      ),
    ]
    for (complaint, change) in cases {
      let scene = Scene()
      try serve(Log(size: 7), on: scene, entries: change)
      let outcome = await scene.run(["audit", "verify", "--tenant", "acme"])
      #expect(outcome.status == .refused)
      #expect(outcome.errors.first?.contains(complaint) == true, "\(outcome.errors)")
    }
  }

  @Test("a checkpoint of another key is not taken", arguments: ["verify", "checkpoint"])
  func otherKey(command: String) async throws {
    let scene = Scene()
    var log = Log(size: 3)
    log.key = SigningKey(seed: [UInt8](repeating: 9, count: 32))!
    try serve(log, on: scene)
    let outcome = await scene.run(["audit", command, "--tenant", "acme"])
    #expect(outcome.status == .refused)
    #expect(outcome.output.isEmpty)
  }

  @Test("a log whose key nobody gave cannot be verified")
  func noKey() async {
    let outcome = await Scene().run(["audit", "verify", "--tenant", "globex"])
    #expect(outcome.status == .configuration)
    #expect(outcome.errors.first?.contains("log_keys.globex") == true)
  }

  @Test("entries are listed in words, events as JSON")
  func list() async throws {
    let scene = Scene()
    try scene.services.answer(
      AuditV1.AuditService.listEntries, .init(entries: try Log(size: 2).entries()))
    let outcome = await scene.run(["audit", "list", "--tenant", "acme"])
    #expect(
      outcome.output.last
        == "1      2026-11-21 12:00:01 UTC  withdrawal_received  \(Example.requestID)       entry 1"
    )
    let json = await scene.run(["audit", "list", "--tenant", "acme", "--events"])
    #expect(json.output.count == 2)
    #expect(json.output.first?.contains("\"withdrawalReceived\":{\"comment\":\"entry 0\"}") == true)
  }

  @Test("entries are written for other programs, what people wrote only where it is asked for")
  func formats() async throws {
    let scene = Scene()
    try scene.services.answer(
      AuditV1.AuditService.listEntries, .init(entries: try Log(size: 2).entries()))
    let csv = await scene.run(["audit", "list", "--tenant", "acme", "--format", "csv"])
    #expect(csv.output.count == 3)
    #expect(csv.output.first?.hasPrefix("\"index\",\"time\",") == true)
    #expect(!csv.output.joined().contains("entry 0"))
    let cef = await scene.run(
      ["audit", "list", "--tenant", "acme", "--format", "cef", "--texts"])
    #expect(cef.output.map { $0.hasPrefix("CEF:0|Lockbox|") } == [true, true])
    #expect(cef.output.first?.hasSuffix(" msg=entry 0") == true)
  }
}
