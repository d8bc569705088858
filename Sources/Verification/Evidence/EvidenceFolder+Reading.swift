internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import StrictJSON

/// Why files are no evidence of a period.
public struct FolderFault: Error, Hashable, CustomStringConvertible {
  public let file: String
  public let reason: String
  /// The log's entry that the line is about.
  public let entry: UInt64?

  init(_ file: String, _ reason: String, entry: UInt64? = nil) {
    self.file = file
    self.reason = reason
    self.entry = entry
  }

  public var description: String { "\(file) \(reason)" }
}

extension EvidenceFolder {
  /// Takes the files of a folder apart; says nothing yet of their truth.
  public static func read(_ files: [String: [UInt8]]) throws(FolderFault) -> PeriodEvidence {
    let about = try describe(try file(description, files))
    var found: [PeriodEvidence.Entry] = []
    for line in try lines(entries, files) {
      found.append(try entry(line, about.firstIndex + UInt64(found.count)))
    }
    guard found.count == about.entryCount else {
      throw FolderFault(
        entries, "has \(found.count) entries where \(about.entryCount) were exported",
        entry: about.firstIndex + UInt64(found.count))
    }
    var granted: [ApprovalsV1.GrantEvidence] = []
    for line in try lines(grants, files) {
      do throws(EvidenceFile.Fault) {
        granted.append(try EvidenceFile.read(Array(line)))
      } catch {
        throw FolderFault(grants, "is not read in line \(granted.count + 1): \(error)")
      }
    }
    var older: PeriodEvidence.Kept?
    if let proof = about.keptConsistency {
      older = .init(checkpoint: try text(kept, files), consistency: proof)
    }
    return PeriodEvidence(
      tenantID: about.tenantID, logKey: about.logKey, period: about.period,
      firstIndex: about.firstIndex, entries: found, root: about.root,
      consistency: about.consistency, checkpoint: try text(checkpoint, files), kept: older,
      grants: granted)
  }

  private static func file(
    _ name: String, _ files: [String: [UInt8]]
  ) throws(FolderFault) -> [UInt8] {
    guard let bytes = files[name] else { throw FolderFault(name, "is missing") }
    return bytes
  }

  private static func text(
    _ name: String, _ files: [String: [UInt8]]
  ) throws(FolderFault) -> String {
    guard let text = String(validating: try file(name, files), as: UTF8.self) else {
      throw FolderFault(name, "is not UTF-8")
    }
    return text
  }

  private static func lines(
    _ name: String, _ files: [String: [UInt8]]
  ) throws(FolderFault) -> [ArraySlice<UInt8>] {
    let bytes = try file(name, files)
    guard let last = bytes.last else { return [] }
    guard last == UInt8(ascii: "\n") else { throw FolderFault(name, "ends within a line") }
    return bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  private static func entry(
    _ line: ArraySlice<UInt8>, _ expected: UInt64
  ) throws(FolderFault) -> PeriodEvidence.Entry {
    guard let json = try? JsonParser.parse(Array(line)),
      let index = json["index"]?.integer.flatMap({ UInt64(exactly: $0) }),
      let event = json["event"]?.string.flatMap({ Base64.decode($0) }),
      let proof = json["proof"].flatMap(hashes)
    else {
      throw FolderFault(entries, "holds no entry where entry \(expected) stands", entry: expected)
    }
    guard index == expected else {
      throw FolderFault(
        entries, "lacks entry \(expected): \(index) comes instead", entry: expected)
    }
    return PeriodEvidence.Entry(index: index, event: event, proof: proof)
  }

  private static func hashes(_ json: Json) -> [Hash]? {
    guard let texts = json.strings else { return nil }
    let hashes = texts.compactMap { Hash(base64: $0) }
    return hashes.count == texts.count ? hashes : nil
  }

  /// What `evidence.json` says.
  private struct Description {
    let tenantID: String
    let logKey: NoteVerifier
    let period: Range<Timestamp>
    let firstIndex: UInt64
    let entryCount: Int64
    let root: Hash
    let consistency: [Hash]
    let keptConsistency: [Hash]?
  }

  private static func describe(_ bytes: [UInt8]) throws(FolderFault) -> Description {
    guard let json = try? JsonParser.parse(bytes), let format = json["format"]?.string else {
      throw FolderFault(description, "is no description of evidence")
    }
    guard format == Self.format else {
      throw FolderFault(description, "is of the format \(format), not of \(Self.format)")
    }
    let kept = json["keptConsistency"]
    guard let tenant = json["tenant"]?.string,
      let key = json["logKey"]?.string.flatMap({ try? NoteVerifier(vkey: $0) }),
      let from = json["from"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let to = json["to"]?.string.flatMap({ Timestamp(rfc3339: $0) }), from < to,
      let first = json["firstEntry"]?.integer.flatMap({ UInt64(exactly: $0) }),
      let count = json["entryCount"]?.integer, count >= 0,
      let root = json["root"]?.string.flatMap({ Hash(base64: $0) }),
      let consistency = json["consistency"].flatMap(hashes),
      kept == nil || kept.flatMap(hashes) != nil
    else { throw FolderFault(description, "lacks a member, or one is malformed") }
    return Description(
      tenantID: tenant, logKey: key, period: from..<to, firstIndex: first, entryCount: count,
      root: root, consistency: consistency, keptConsistency: kept.flatMap(hashes))
  }
}
