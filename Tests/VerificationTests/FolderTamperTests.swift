internal import Domain
internal import EvidenceSamples
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import ReferenceTree
internal import StandardProto
internal import Testing
internal import Verification

@Suite("Tampered evidence")
struct FolderTamperTests {
  typealias Files = [String: [UInt8]]

  private static let log = SampleLog.fortnight()
  private static let period = (SampleLog.start + .hours(24))..<(SampleLog.start + .hours(220))
  private static let check = EvidenceCheck(log: SampleLog.verifier)

  @Test("250 changes of a folder's files are all found, and an untouched folder gives no finding")
  func accidents() throws {
    var random = SeededRandom("tampered folders")
    let files = try EvidenceFolder.files(of: Self.log.evidence(of: Self.period, kept: 9))
    #expect(Self.check.check(files: files).0.holds)
    var kinds: [String: Int] = [:]
    while kinds.values.reduce(0, +) < 250 {
      guard let (kind, changed) = Self.accident(files, &random), changed != files else { continue }
      kinds[kind, default: 0] += 1
      #expect(!Self.check.check(files: changed).0.holds, "\(kind)")
    }
    print("250 changes: \(kinds.sorted { $0.key < $1.key })")
  }

  private static func accident(
    _ files: Files, _ random: inout SeededRandom
  ) -> (String, Files)? {
    var changed = files
    guard let name = files.keys.sorted().randomElement(using: &random), var bytes = files[name],
      let other = files.keys.sorted().randomElement(using: &random)
    else { return nil }
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1:
      let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
      bytes[bit / 8] ^= 1 << (bit % 8)
      changed[name] = bytes
      return ("flip", changed)
    case 2:
      changed[name] = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)))
      return ("truncate", changed)
    case 3:
      changed[name] = nil
      return ("remove", changed)
    case 4:
      changed[name] = files[other]
      changed[other] = bytes
      return ("swap files", changed)
    case 5:
      changed["more-\(other)"] = bytes
      return ("add", changed)
    default:
      var lines = bytes.split(separator: UInt8(ascii: "\n"))
      guard lines.count > 1 else { return nil }
      let place = Int.random(in: 0..<(lines.count - 1), using: &random)
      let isDrop = Bool.random(using: &random)
      if isDrop { lines.remove(at: place) } else { lines.swapAt(place, place + 1) }
      changed[name] = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
      return (isDrop ? "drop line" : "swap lines", changed)
    }
  }

  @Test("250 forgeries that make every other file anew are all found")
  func forgeries() throws {
    var random = SeededRandom("forged evidence")
    let honest = Self.log.evidence(of: Self.period, kept: 9)
    var kinds: [String: Int] = [:]
    while kinds.values.reduce(0, +) < 250 {
      var forged = honest
      let kind = Self.forge(&forged, &random)
      kinds[kind, default: 0] += 1
      let report = Self.check.check(forged)
      if report.holds {
        // Only what the files say is left to differ.
        let files = try EvidenceFolder.files(of: forged)
        #expect(!Self.check.check(files: files).0.holds, "\(kind)")
      }
    }
    print("250 forgeries: \(kinds.sorted { $0.key < $1.key })")
  }

  /// What somebody does who can compute all but signatures; the provider's own forgeries hold the
  /// log's key too.
  private static func forge(
    _ evidence: inout PeriodEvidence, _ random: inout SeededRandom
  ) -> String {
    let place = Int.random(in: 0..<evidence.entries.count, using: &random)
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return changeEntry(&evidence, place, &random)
    case 1:
      renumber(&evidence) { $0.remove(at: place) }
      return "drop entry"
    case 2:
      let next = (place + 1) % evidence.entries.count
      renumber(&evidence) { $0.swapAt(place, next) }
      return "swap entries"
    case 3:
      renumber(&evidence) { $0.insert($0[place], at: place) }
      return "repeat entry"
    case 4:
      // The end of the period is cut off, with proofs that hold.
      let from = log.grants[0].entry
      let end = UInt64.random(in: (from + 1)...(log.grants[2].entry), using: &random)
      evidence = log.evidence(of: period, to: end, kept: 9)
      return "cut"
    case 5:
      // An older state of the log: the kept checkpoint is newer.
      evidence = older(&random).evidence(of: period)
      evidence.kept = .init(checkpoint: log.checkpoint(), consistency: [])
      return "roll back"
    case 6:
      let fork = fork(&random)
      evidence = fork.evidence(of: period, kept: 9)
      evidence.kept = .init(
        checkpoint: log.checkpoint(at: 9), consistency: evidence.kept?.consistency ?? [])
      return "fork"
    case 7:
      evidence.checkpoint = log.checkpoint(at: UInt64(place))
      return "other checkpoint"
    default: return changeGrant(&evidence, &random)
    }
  }

  private static func changeEntry(
    _ evidence: inout PeriodEvidence, _ place: Int, _ random: inout SeededRandom
  ) -> String {
    let entry = evidence.entries[place]
    guard var event = try? EventV1.Event(serialized: entry.event) else { return "no event" }
    if Bool.random(using: &random) {
      event.actor?.subject?.id = "mallory"
      event.actor?.role += "s"
    } else {
      event.time?.seconds -= 86_400
    }
    let bytes = (try? event.serialized()) ?? []
    evidence.entries[place] = .init(index: entry.index, event: bytes, proof: entry.proof)
    return "change entry"
  }

  /// The run with its indexes dense again.
  private static func renumber(
    _ evidence: inout PeriodEvidence, _ change: (inout [PeriodEvidence.Entry]) -> Void
  ) {
    var entries = evidence.entries
    let proofs = entries.map(\.proof)
    change(&entries)
    evidence.entries = entries.enumerated().map { offset, entry in
      .init(
        index: evidence.firstIndex + UInt64(offset), event: entry.event,
        proof: offset < proofs.count ? proofs[offset] : entry.proof)
    }
  }

  private static func older(_ random: inout SeededRandom) -> SampleLog {
    var older = SampleLog()
    let size = Int.random(in: 1..<Int(log.size), using: &random)
    for entry in log.entries.prefix(size) { older.append(entry) }
    return older
  }

  /// The same key, another history from before the kept checkpoint on.
  private static func fork(_ random: inout SeededRandom) -> SampleLog {
    var fork = SampleLog()
    let size = Int.random(in: 0..<9, using: &random)
    for (index, entry) in log.entries.enumerated() {
      guard index == size, var event = try? EventV1.Event(serialized: entry) else {
        fork.append(entry)
        continue
      }
      event.actor?.role = "nobody"
      fork.append((try? event.serialized()) ?? [])
    }
    return fork
  }

  private static func changeGrant(
    _ evidence: inout PeriodEvidence, _ random: inout SeededRandom
  ) -> String {
    let place = Int.random(in: 0..<evidence.grants.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: evidence.grants.remove(at: place)
    case 1: evidence.grants[place].decisions.removeLast()
    case 2: evidence.grants[place].decisions[1].approver?.id = "mallory"
    case 3: evidence.grants[place].decisions[0].comment += "!"
    case 4: evidence.grants[place].grant?.engineer?.id = "mallory"
    default: evidence.grants[place].stages[0].quorum = 1
    }
    return "change grant"
  }
}
