internal import Domain
internal import MerkleLog
internal import ProtobufC
internal import Words

/// The files of a period's evidence: the same evidence, the same bytes.
public enum EvidenceFolder {
  static let format = "lockbox-evidence/1"

  static let description = "evidence.json"
  static let checkpoint = "checkpoint"
  static let kept = "kept.checkpoint"
  static let entries = "entries.jsonl"
  static let events = "events.jsonl"
  static let grants = "grants.jsonl"
  static let summary = "summary.html"
  static let sums = "SHA256SUMS"

  /// What the rest is made from again by whoever verifies.
  static let derived = [events, summary, sums]

  /// Every file by its name, to be written as it is.
  ///
  /// - Throws: for an event that cannot be written as JSON.
  public static func files(of evidence: PeriodEvidence) throws -> [String: [UInt8]] {
    var files = [
      description: text(describe(evidence) + "\n"),
      checkpoint: text(evidence.checkpoint),
      entries: text(lines(of: evidence.entries)),
      grants: try evidence.grants.flatMap { try EvidenceFile.write($0) },
    ]
    if let older = evidence.kept { files[kept] = text(older.checkpoint) }
    let logged = try EvidenceEntries.read(evidence)
    files[events] = text(try readable(logged))
    files[summary] = text(Summary(evidence, logged).page)
    files[sums] = text(sums(of: files))
    return files
  }

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// As `sha256sum` writes and checks it.
  private static func sums(of files: [String: [UInt8]]) -> String {
    files.sorted { $0.key < $1.key }.map { name, bytes in
      "\(hexadecimal(SHA256.hash(bytes).bytes))  \(name)\n"
    }.joined()
  }

  private static func hashes(_ hashes: [Hash]) -> String {
    JSONText.array(hashes.map { JSONText.string($0.description) })
  }

  private static func describe(_ evidence: PeriodEvidence) -> String {
    var members = [
      ("format", JSONText.string(format)),
      ("tenant", JSONText.string(evidence.tenantID)),
      ("logKey", JSONText.string(evidence.logKey.vkey)),
      ("from", JSONText.string(evidence.period.lowerBound.description)),
      ("to", JSONText.string(evidence.period.upperBound.description)),
      ("firstEntry", "\(evidence.firstIndex)"),
      ("entryCount", "\(evidence.entries.count)"),
      ("root", JSONText.string(evidence.root.description)),
      ("consistency", hashes(evidence.consistency)),
    ]
    if let kept = evidence.kept { members.append(("keptConsistency", hashes(kept.consistency))) }
    return JSONText.object(members)
  }

  private static func lines(of entries: [PeriodEvidence.Entry]) -> String {
    var text = ""
    for entry in entries {
      text += JSONText.object([
        ("index", "\(entry.index)"), ("proof", hashes(entry.proof)),
        ("event", JSONText.string(Base64.encode(entry.event))),
      ])
      text += "\n"
    }
    return text
  }

  /// The events for people and programs to read; what is signed and hashed is in the entries.
  private static func readable(_ entries: [LoggedEntry]) throws -> String {
    var text = ""
    for entry in entries {
      var members = [("index", "\(entry.index)"), ("event", try ProtobufJSON.encode(entry.event))]
      if let request = entry.request {
        members.append(("accessRequest", try ProtobufJSON.encode(request)))
      }
      text += JSONText.object(members) + "\n"
    }
    return text
  }
}
