public import Domain
internal import LockboxProto
public import MerkleLog
public import SignedStatement

/// Checks the evidence of a period: nothing of it is believed that does not follow from the log's
/// key and, where decisions are signed, from the approvers' keys.
public struct EvidenceCheck: Sendable {
  private let log: NoteVerifier
  private let trustedKeys: Set<ApproverKeyID>?
  private let relyingParty: WebAuthnRelyingParty?
  private let demandsSignatures: Bool

  /// How many entries that fail are named, each by itself.
  static let namedFailures = 20

  /// - Parameters: as for `GrantEvidenceVerifier`.
  public init(
    log: NoteVerifier, trustedKeys: Set<ApproverKeyID>? = nil,
    relyingParty: WebAuthnRelyingParty? = nil, demandsSignatures: Bool = false
  ) {
    self.log = log
    self.trustedKeys = trustedKeys
    self.relyingParty = relyingParty
    self.demandsSignatures = demandsSignatures
  }

  func verifier(acceptsBreakGlass: Bool) -> GrantEvidenceVerifier {
    GrantEvidenceVerifier(
      log: log, trustedKeys: trustedKeys, relyingParty: relyingParty,
      demandsSignatures: demandsSignatures, acceptsBreakGlass: acceptsBreakGlass)
  }

  /// What is wrong with a folder's files; with the evidence, where they can be read at all.
  public func check(files: [String: [UInt8]]) -> (Report, PeriodEvidence?) {
    reading(files) { evidence in
      var report = check(evidence)
      if report.holds { compare(files, evidence, &report) }
      return report
    }
  }

  /// What is wrong with a folder's entries and checkpoints.
  public func checkRange(files: [String: [UInt8]]) -> Report { reading(files, checkRange).0 }

  private func reading(
    _ files: [String: [UInt8]], _ check: (PeriodEvidence) -> Report
  ) -> (Report, PeriodEvidence?) {
    do throws(FolderFault) {
      let evidence = try EvidenceFolder.read(files)
      return (check(evidence), evidence)
    } catch {
      var report = Report()
      report.fail("files", "\(error)", entry: error.entry)
      return (report, nil)
    }
  }

  /// What is wrong with the evidence itself.
  public func check(_ evidence: PeriodEvidence) -> Report {
    var report = checkRange(evidence)
    guard report.holds else { return report }
    guard let logged = order(evidence, &report) else { return report }
    period(evidence, logged, &report)
    grants(evidence, logged, &report)
    return report
  }

  /// Whether the entries are a run without gap of the log that its key signed.
  public func checkRange(_ evidence: PeriodEvidence) -> Report {
    var report = Report()
    guard evidence.logKey == log else {
      report.fail(
        "log's key", "the evidence was made with the key \(evidence.logKey.vkey), not \(log.vkey)")
      return report
    }
    let checkpoints = CheckpointCheck(log: log)
    guard let newest = checkpoints.signed(evidence.checkpoint, "checkpoint", &report) else {
      return report
    }
    if let kept = evidence.kept {
      guard let older = checkpoints.signed(kept.checkpoint, "kept checkpoint", &report) else {
        return report
      }
      checkpoints.consistent(older, newest, proof: kept.consistency, &report)
    }
    guard report.holds, tree(evidence, in: newest, &report) else { return report }
    inclusion(evidence, &report)
    return report
  }

  /// Whether the signed tree begins with the tree that ends with the last entry.
  private func tree(
    _ evidence: PeriodEvidence, in newest: Checkpoint, _ report: inout Report
  ) -> Bool {
    let check = "range in the log"
    do {
      try ConsistencyProof.verify(
        old: evidence.endIndex, oldRoot: evidence.root, new: newest.size, newRoot: newest.root,
        proof: evidence.consistency)
    } catch {
      report.fail(
        check,
        "the tree of \(evidence.endIndex) entries is not the signed log's beginning: \(error)")
      return false
    }
    report.hold(check, "\(evidence.endIndex) entries are the beginning of \(newest.size)")
    return true
  }

  private func inclusion(_ evidence: PeriodEvidence, _ report: inout Report) {
    let check = "inclusion of each entry"
    var failures = 0
    for entry in evidence.entries {
      do throws(ProofError) {
        try InclusionProof.verify(
          leaf: Hash.leaf(entry.event), index: entry.index, size: evidence.endIndex,
          root: evidence.root, proof: entry.proof)
      } catch {
        failures += 1
        guard failures <= Self.namedFailures else { break }
        report.fail(
          check, "entry \(entry.index) is not the one in the signed tree: \(error)",
          entry: entry.index)
      }
    }
    guard failures == 0 else { return }
    let count = evidence.entries.count
    report.hold(
      check,
      count == 0
        ? "there are none" : "\(count), from \(evidence.firstIndex) to \(evidence.endIndex - 1)")
  }

  private func order(_ evidence: PeriodEvidence, _ report: inout Report) -> [LoggedEntry]? {
    let check = "order of the entries"
    do throws(EntryFault) {
      let logged = try EvidenceEntries.read(evidence)
      report.hold(check, "no feed goes back")
      return logged
    } catch {
      report.fail(check, "\(error)", entry: error.index)
      return nil
    }
  }

  /// Whether what is left out at either end lies outside of the period.
  private func period(
    _ evidence: PeriodEvidence, _ logged: [LoggedEntry], _ report: inout Report
  ) {
    let edges = PeriodEdges(evidence, logged)
    let check = "whole period"
    guard edges.beginsBefore(evidence.period.lowerBound) else {
      report.fail(
        check,
        "entries before \(evidence.firstIndex) may be of the period: none shows that they "
          + "are older", entry: evidence.firstIndex)
      return
    }
    guard edges.endsAfter(evidence.period.upperBound) || edges.reachesCheckpoint else {
      report.fail(
        check,
        "entries from \(evidence.endIndex) on may be of the period: none shows that they "
          + "are newer", entry: evidence.endIndex)
      return
    }
    report.hold(check, "\(evidence.period.lowerBound) to \(evidence.period.upperBound)")
    guard !edges.endsAfter(evidence.period.upperBound) else { return }
    report.rest(
      on: "the period was over when the checkpoint of size \(evidence.endIndex) was the log's "
        + "newest: the entries end with it, and say nothing of later ones")
  }
}
