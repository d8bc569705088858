internal import Domain
internal import MerkleLog
internal import ReferenceTree
internal import ServiceKit
internal import Storage
internal import Synchronization
internal import TemporaryFiles
internal import TestKit
internal import Testing
internal import Web

@testable internal import Witness

@Suite("A witness")
struct WitnessTests {
  let directory = TemporaryDirectory()
  let capture = LogCapture()
  let clock = FakeClock()
  let log = LyingLog("log.test/acme")
  let signer = CosignatureSigner(name: KeyName("witness.test/w1")!, key: .generate())
  let store: WitnessStore
  let handlers: WitnessHandlers

  init() throws {
    store = try WitnessStore(
      path: directory.file("witness.db"), clock: clock,
      onFatal: { preconditionFailure("\($0)") })
    handlers = WitnessHandlers(
      WitnessJudge([log.signer.verifier]), store, signer, capture.logger())
  }

  private func status(_ body: [UInt8]) async throws -> Int {
    do {
      return try await handlers.add(body).status
    } catch let error as WebError {
      return error.status
    }
  }

  @Test("it cosigns a log that grows, and says it of the very checkpoint")
  func grows() async throws {
    for (old, new) in [(0, 0), (0, 1), (1, 1), (1, 7), (7, 256), (256, 300)] as [(UInt64, UInt64)] {
      let request = try log.request(old, new)
      let response = try await handlers.add(request.bytes)
      #expect(response.status == 200)
      let lines = try #require(NoteSignature.lines(response.body))
      let cosigned = try request.note.adding(lines)
      let found = try cosigned.cosignatures(by: [signer.verifier])
      #expect(found.map(\.time) == [UInt64(clock.now().seconds)])
      let kept = try #require(try await store.note(of: log.signer.name))
      #expect(kept == cosigned.serialized)
    }
  }

  @Test("each refusal has its status, and changes nothing")
  func refusals() async throws {
    let stranger = LyingLog("log.test/globex")
    let namesake = LyingLog("log.test/acme")
    #expect(try await status(try log.request(0, 10).bytes) == 200)
    func request(_ old: UInt64, _ proof: [Hash], _ note: SignedNote) throws -> [UInt8] {
      try AddCheckpoint(oldSize: old, proof: proof, note: note).bytes
    }
    let good = try log.request(10, 20)
    let cases: [(String, [UInt8], Int)] = [
      ("malformed", Array("hello".utf8), 400),
      ("no note", Array("old 10\n\n".utf8), 400),
      ("unknown log", try stranger.request(0, 10).bytes, 404),
      ("another key of the name", try namesake.request(10, 20).bytes, 403),
      (
        "its signature on another text",
        try request(
          10, good.proof,
          try SignedNote(
            parsing: log.checkpoint(20, lying: true).text + "\n"
              + good.note.signatures.map { $0.line + "\n" }.joined())), 403
      ),
      ("old beyond new", try request(10, [], try log.note(9)), 400),
      ("old too small", try log.request(5, 20).bytes, 409),
      ("old zero", try log.request(0, 20).bytes, 409),
      ("old too large", try log.request(11, 20).bytes, 409),
      ("no proof", try request(10, [], try log.note(20)), 422),
      ("a hash too many", try request(10, good.proof + [.leaf([])], try log.note(20)), 422),
      ("another size's proof", try request(10, good.proof, try log.note(21)), 422),
      ("proof where both are the same", try request(10, [.leaf([])], try log.note(10)), 422),
      ("a fork of the same size", try log.request(10, 10, lying: true).bytes, 422),
      ("a fork that grows", try log.request(10, 20, lying: true).bytes, 422),
    ]
    for (name, body, expected) in cases {
      #expect(try await status(body) == expected, "\(name)")
      let kept = try #require(try await store.note(of: log.signer.name))
      #expect(try Checkpoint(parsing: SignedNote(parsing: kept).text).size == 10, "\(name)")
    }
    let conflict = try await handlers.add(try log.request(5, 20).bytes)
    #expect(conflict.fields == [WebField("content-type", "text/x.tlog.size")])
    #expect(conflict.body == Array("10\n".utf8))
    #expect(try await status(good.bytes) == 200)
  }

  @Test("an empty tree has one root only, and needs no proof to go on from")
  func emptyTree() async throws {
    let wrong = Checkpoint(origin: log.signer.name, size: 0, root: .leaf([]))
    let request = try AddCheckpoint(
      oldSize: 0, proof: [], note: try wrong.signed(by: [log.signer]))
    #expect(try await status(request.bytes) == 422)
    let padded = try AddCheckpoint(oldSize: 0, proof: [.leaf([])], note: try log.note(10))
    #expect(try await status(padded.bytes) == 422)
    #expect(try await store.note(of: log.signer.name) == nil)
  }

  @Test("two signed trees of one size are kept as proof, and told loudly")
  func forkIsKept() async throws {
    #expect(try await status(try log.request(0, 10).bytes) == 200)
    #expect(try await status(try log.request(10, 10, lying: true).bytes) == 422)
    let kept = try await store.database.read { connection in
      try connection.all("SELECT note, cosigned_note FROM fork") {
        (try $0.string(0), try $0.string(1))
      }
    }
    let (forked, cosigned) = try #require(kept.first)
    for note in [forked, cosigned] {
      #expect(try SignedNote(parsing: note).verify([log.signer.verifier]) == [log.signer.name])
    }
    #expect(forked != cosigned)
    #expect(capture.lines.contains { $0.contains("LOG_FORKED") && $0.contains("critical") })
  }

  @Test("a clock that goes back makes no larger tree older than a smaller one")
  func clockGoesBack() async throws {
    var times: [UInt64] = []
    for (old, new) in [(0, 10), (10, 20)] as [(UInt64, UInt64)] {
      let response = try await handlers.add(try log.request(old, new).bytes)
      times += try #require(NoteSignature.lines(response.body)).compactMap { Cosignature($0)?.time }
      clock.advance(by: .seconds(-3_600))
    }
    #expect(times.count == 2 && times[0] == times[1])
  }

  @Test("monitors name a log by the hash of its origin")
  func monitors() {
    // SHA-256("log.test/acme"), by sha256sum.
    #expect(
      log.signer.name.hash == "07889de0fc8c6fffeeb76903e13981a3b1fd17096126f026db473e82c50b5dc0")
  }

  @Test("of many callers at once, honest and not, one history is cosigned, and it only grows")
  func race() async throws {
    var random = SeededRandom("witness race")
    let requests = try (0..<600).map { _ in
      let old = UInt64.random(in: 0...40, using: &random)
      return try log.request(
        old, old + UInt64.random(in: 0...4, using: &random), lying: Bool.random(using: &random))
    }
    let cosigned = Cosigned()
    await withTaskGroup { group in
      for request in requests {
        group.addTask { [handlers] in
          guard let response = try? await handlers.add(request.bytes), response.status == 200
          else { return }
          cosigned.add(request)
        }
      }
    }
    try Chain.check(cosigned.all, of: log)
    let note = try await store.note(of: log.signer.name)
    let last = try note.map { try Checkpoint(parsing: SignedNote(parsing: $0).text).size }
    #expect(last ?? 0 == cosigned.all.map(\.checkpoint.size).max() ?? 0)
  }
}

/// The requests that were answered with a cosignature.
final class Cosigned: Sendable {
  private let kept = Mutex<[AddCheckpoint]>([])

  var all: [AddCheckpoint] { kept.withLock { $0 } }

  /// - Returns: how many there are then.
  @discardableResult
  func add(_ request: AddCheckpoint) -> Int {
    kept.withLock { kept in
      kept.append(request)
      return kept.count
    }
  }
}

/// What a witness has cosigned must be one history that grows step by step.
enum Chain {
  static func check(_ cosigned: [AddCheckpoint], of log: LyingLog) throws {
    let beyond = cosigned.filter { $0.checkpoint.size >= log.fork }
    let lies = beyond.filter {
      $0.checkpoint.root == log.checkpoint($0.checkpoint.size, lying: true).root
    }
    #expect(lies.isEmpty || lies.count == beyond.count, "two histories were cosigned")
    let steps = Set(
      cosigned.filter { $0.oldSize < $0.checkpoint.size }.map { [$0.oldSize, $0.checkpoint.size] })
    #expect(
      Set(steps.map { $0[0] }).count == steps.count, "two trees were cosigned from one")
    let ordered = steps.sorted { $0[0] < $1[0] }
    for (step, next) in zip(ordered, ordered.dropFirst()) {
      #expect(step[1] <= next[0], "a smaller tree was cosigned after a larger one")
    }
  }
}
