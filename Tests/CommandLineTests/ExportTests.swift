internal import Domain
internal import EvidenceSamples
internal import Files
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import ReferenceTree
internal import Testing
internal import Verification

@testable internal import CommandLine

@Suite("Exported evidence")
struct ExportTests {
  private static let log = SampleLog.fortnight()

  private static func arguments(
    _ out: String, from: String = "2026-10-02T00:00:00Z", to: String = "2026-10-10T00:00:00Z"
  ) -> [String] {
    ["audit", "export", "--tenant", "acme", "--from", from, "--to", to, "--out", out]
  }

  private static func files(_ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try File.names(in: folder) { files[name] = try File.read("\(folder)/\(name)") }
    return files
  }

  @Test("what is exported verifies, and the same log gives the same bytes")
  func honest() async throws {
    let scene = Scene()
    scene.write(Self.log.checkpoint(at: 9), to: "old")
    let more = ["--since", scene.path("old")]
    for name in ["one", "two"] {
      let outcome = await scene.run(
        Self.arguments(scene.path(name)) + more, services: AuditServer(log: Self.log))
      #expect(outcome.status == .success, "\(outcome.errors) \(outcome.output)")
    }
    let files = try Self.files(scene.path("one"))
    #expect(files == (try Self.files(scene.path("two"))))
    #expect(EvidenceCheck(log: SampleLog.verifier).check(files: files).0.holds)
    let again = await scene.run(
      Self.arguments(scene.path("one")), services: AuditServer(log: Self.log))
    #expect(again.status == .inputOutput)
  }

  @Test("only what a period needs is exported, and it proves that nothing was accessed")
  func range() async throws {
    let scene = Scene()
    var log = Self.log
    log.wait(.hours(24 * 30))
    let from = log.now
    log.denial()
    log.wait(.hours(1))
    log.denial()
    let outcome = await scene.run(
      Self.arguments(
        scene.path("out"), from: "\(from)", to: "\(from + .minutes(30))"),
      services: AuditServer(log: log))
    #expect(outcome.status == .success, "\(outcome.errors) \(outcome.output)")
    let files = try Self.files(scene.path("out"))
    let (report, found) = EvidenceCheck(log: SampleLog.verifier).check(files: files)
    #expect(report.holds)
    let evidence = try #require(found)
    #expect(evidence.firstIndex == Self.log.size - 1)
    #expect(evidence.endIndex == log.size - 1)
    #expect(NoAccess(in: evidence.period, fetched: nil, demandsWhole: false).check(evidence).holds)
  }

  @Test("200 lies of a server are all found, and nothing of them is written")
  func lies() async throws {
    var random = SeededRandom("lying server")
    var kinds: [String: Int] = [:]
    let scene = Scene()
    scene.write(Self.log.checkpoint(at: 9), to: "old")
    let out = scene.path("out")
    while kinds.values.reduce(0, +) < 200 {
      let (kind, server) = Self.lie(&random)
      kinds[kind, default: 0] += 1
      let arguments =
        kinds.values.reduce(0, +).isMultiple(of: 3)
        ? ["audit", "verify", "--tenant", "acme"]
        : Self.arguments(out, from: "2026-10-01T00:00:00Z", to: "2026-10-20T00:00:00Z")
      // What only concerns grants and proofs is not asked for by `verify`.
      guard arguments[1] == "export" || !["grant", "proof"].contains(kind) else { continue }
      let outcome = await scene.run(arguments + ["--since", scene.path("old")], services: server)
      #expect(outcome.status == .refused, "\(kind): \(outcome.output) \(outcome.errors)")
      #expect(FileStamp(out) == nil)
    }
    print("200 lies: \(kinds.sorted { $0.key < $1.key })")
  }

  private static func lie(_ random: inout SeededRandom) -> (String, AuditServer) {
    var server = AuditServer(log: log)
    let place = Int.random(in: 0..<(log.entries.count - 1), using: &random)
    let bit = Int.random(in: 0..<8, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0:
      let byte = Int.random(in: 0..<log.entries[place].count, using: &random)
      server.entries = { $0.changing(place) { $0.event[byte] ^= 1 << bit } }
      return ("flip", server)
    case 1:
      server.entries = { $0.renumbered { $0.remove(at: place) } }
      return ("drop", server)
    case 2:
      server.entries = { $0.renumbered { $0.swapAt(place, place + 1) } }
      return ("swap", server)
    case 3:
      server.entries = { Array($0.prefix(place + 1)) }
      return ("truncate", server)
    case 4:
      var older = SampleLog()
      for entry in log.entries.prefix(Int.random(in: 0..<9, using: &random)) {
        older.append(entry)
      }
      server.log = older
      return ("roll back", server)
    case 5:
      var fork = SampleLog()
      for entry in log.entries.enumerated() {
        fork.append(entry.offset == place % 9 ? log.entries[10 + bit] : entry.element)
      }
      server.log = fork
      server.log.grants = log.grants
      return ("fork", server)
    case 6:
      server.proof = { $0.isEmpty ? $0 : Array($0.dropLast()) }
      return ("proof", server)
    default:
      server.grant = { evidence in
        var evidence = evidence
        evidence.decisions[bit % 2].approver?.id = "mallory"
        return evidence
      }
      return ("grant", server)
    }
  }
}

extension [AuditV1.Entry] {
  fileprivate func changing(_ place: Int, _ change: (inout AuditV1.Entry) -> Void) -> Self {
    var entries = self
    change(&entries[place])
    return entries
  }

  fileprivate func renumbered(_ change: (inout Self) -> Void) -> Self {
    var entries = self
    change(&entries)
    return entries.enumerated().map { .init(index: UInt64($0.offset), event: $0.element.event) }
  }
}
