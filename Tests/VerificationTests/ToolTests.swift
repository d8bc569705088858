internal import Domain
internal import EvidenceSamples
internal import Files
internal import LockboxProto
internal import MerkleLog
internal import Synchronization
internal import TemporaryFiles
internal import Testing
internal import Verification

@testable internal import VerifyTool

@Suite("lockbox-verify")
struct ToolTests {
  private static let log = SampleLog.fortnight()
  private static let period = (SampleLog.start + .hours(24))..<(SampleLog.start + .hours(220))

  /// A directory of its own, and everything that was printed.
  final class Scene: Sendable {
    let directory = TemporaryDirectory()
    private let printed = Mutex((output: [String](), errors: [String]()))

    init() { write(SampleLog.verifier.vkey, to: "log.vkey") }

    func path(_ name: String) -> String { directory.file(name) }

    func write(_ bytes: [UInt8], to name: String) { directory.write(name, bytes) }

    func write(_ text: String, to name: String) { directory.write(name, text) }

    func folder(_ evidence: PeriodEvidence, _ name: String = "folder") throws -> String {
      try File.makeDirectory(path(name))
      for (file, bytes) in try EvidenceFolder.files(of: evidence) {
        write(bytes, to: "\(name)/\(file)")
      }
      return path(name)
    }

    func run(
      _ arguments: String...
    ) -> (status: VerificationStatus, output: [String], errors: [String]) {
      printed.withLock { $0 = ([], []) }
      let key = arguments.first == "--help" ? [] : ["--log-key", "@\(path("log.vkey"))"]
      let status = VerificationTool.run(
        arguments + key,
        in: Surroundings(
          print: { line in self.printed.withLock { $0.output.append(line) } },
          note: { line in self.printed.withLock { $0.errors.append(line) } },
          now: { ToolTests.log.now }))
      return printed.withLock { (status, $0.output, $0.errors) }
    }
  }

  @Test("an evidence folder verifies, its range too, and a change is named with its entry")
  func evidence() throws {
    let scene = Scene()
    let folder = try scene.folder(Self.log.evidence(of: Self.period, kept: 5))
    for command in ["evidence", "range"] {
      let outcome = scene.run(command, folder)
      #expect(outcome.status == .verified, "\(outcome.output) \(outcome.errors)")
      #expect(outcome.output.last == "VERIFIED")
    }
    #expect(scene.run("evidence", folder, "--require-signatures").status == .verified)

    var files = try EvidenceFolder.files(of: Self.log.evidence(of: Self.period))
    var lines = try #require(files["entries.jsonl"]).split(separator: UInt8(ascii: "\n"))
    // A digit within the base64 of the event.
    let place = lines[7].endIndex - 20
    lines[7][place] = lines[7][place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    files["entries.jsonl"] = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    try File.makeDirectory(scene.path("changed"))
    for (name, bytes) in files { scene.write(bytes, to: "changed/\(name)") }
    let outcome = scene.run("evidence", scene.path("changed"))
    #expect(outcome.status == .finding)
    #expect(outcome.output.last?.hasPrefix("FINDING (entry 7): inclusion of each entry") == true)
    let json = scene.run("range", scene.path("changed"), "--output", "json")
    #expect(json.output.count == 1)
    #expect(json.output.first?.contains("\"entry\":7") == true)
  }

  @Test("a grant in the period is named, a period without one is proved")
  func noAccess() throws {
    let scene = Scene()
    let folder = try scene.folder(Self.log.evidence(of: Self.period))
    let found = scene.run("no-access", folder)
    #expect(found.status == .finding)
    #expect(
      found.output.last?.hasPrefix("FINDING (entry \(Self.log.grants[0].entry))") == true,
      "\(found.output)")
    let quiet = scene.run(
      "no-access", folder, "--from", "2026-10-04T00:00:00Z", "--to", "2026-10-05T00:00:00Z")
    #expect(quiet.status == .verified, "\(quiet.output)")
    #expect(quiet.output.contains { $0.hasPrefix("rests on: ") })
  }

  @Test("a checkpoint verifies alone, against an older one, and with its witnesses")
  func checkpoint() throws {
    let scene = Scene()
    let size = Self.log.size
    scene.write(Self.log.checkpoint(at: 9), to: "old")
    let note = try SignedNote(parsing: Self.log.checkpoint())
    let witness = CosignatureSigner(
      name: KeyName("witness.test")!, key: SigningKey(seed: [UInt8](repeating: 4, count: 32))!)
    let checkpoint = try Checkpoint(parsing: note.text)
    let cosigned = try note.adding([
      witness.cosign(checkpoint, at: UInt64(Self.log.now.seconds)).line
    ])
    scene.write(cosigned.serialized, to: "new")
    let proof = try AddCheckpoint(
      oldSize: 9, proof: Self.log.consistency(from: 9, to: size), note: note)
    scene.write(proof.body, to: "proof")
    let wrong = try AddCheckpoint(
      oldSize: 9, proof: Self.log.consistency(from: 10, to: size), note: note)
    scene.write(wrong.body, to: "wrong")
    let other = CosignatureSigner(name: KeyName("other.test")!, key: .generate()).verifier.vkey

    let known = witness.verifier.vkey
    let old = scene.path("old")
    let new = scene.path("new")
    #expect(scene.run("checkpoint", new).status == .verified)
    #expect(scene.run("checkpoint", new, "--witness", known).status == .verified)
    #expect(
      scene.run("checkpoint", new, "--witness", known, "--witness", other).status == .finding)
    #expect(
      scene.run("checkpoint", new, "--witness", known, "--witness", other, "--quorum", "1").status
        == .verified)
    #expect(scene.run("checkpoint", scene.path("proof"), "--since", old).status == .verified)
    #expect(scene.run("checkpoint", scene.path("wrong"), "--since", old).status == .finding)
    #expect(scene.run("checkpoint", new, "--since", old).status == .finding)
    // A quiet log: the witness tells when it was looked at.
    var evidence = Self.log.evidence(of: Self.log.now - .hours(2)..<Self.log.now - .hours(1))
    evidence.checkpoint = cosigned.serialized
    let folder = try scene.folder(evidence)
    #expect(scene.run("no-access", folder, "--witness", known).status == .verified)
  }

  @Test("a grant's evidence verifies, and what was changed does not")
  func grant() throws {
    let scene = Scene()
    var evidence = Self.log.evidence(of: Self.log.grants[0])
    scene.write(try EvidenceFile.write(evidence), to: "grant.json")
    #expect(
      scene.run("grant", scene.path("grant.json"), "--require-signatures").status == .verified)
    evidence.decisions[2].comment = "agreed?"
    scene.write(try EvidenceFile.write(evidence), to: "forged.json")
    #expect(scene.run("grant", scene.path("forged.json")).status == .finding)
    scene.write("{}", to: "none.json")
    #expect(scene.run("grant", scene.path("none.json")).status == .finding)
  }

  @Test("what is asked wrongly, or cannot be read, is told apart from a finding")
  func statuses() throws {
    let scene = Scene()
    #expect(VerificationTool.run([]) == .usage)
    #expect(scene.run("nonsense").status == .usage)
    #expect(scene.run("no-access", scene.directory.path, "--from", "noon").status == .usage)
    #expect(scene.run("checkpoint", "x", "--quorum", "2").status == .usage)
    #expect(scene.run("evidence", scene.path("none")).status == .unfinished)
    #expect(scene.run("grant", scene.path("none")).status == .unfinished)
    let help = scene.run("--help")
    #expect(help.status == .verified)
    for status in VerificationStatus.allCases {
      #expect(help.output.joined().contains("  \(status.rawValue)  \(status.meaning)"))
    }
  }
}
