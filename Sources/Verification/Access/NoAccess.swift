public import Domain
internal import LockboxProto
internal import MerkleLog

/// Whether a log proves that there was no access to its tenant within a period.
public struct NoAccess: Sendable {
  private let period: Range<Timestamp>
  private let fetched: Timestamp?
  private let demandsWhole: Bool

  /// What a grant that is still live at a moment was approved at or after, before that moment: the
  /// furthest start after its approval, and the longest access, once for itself and once for each
  /// grant that it may continue.
  public static let lookBack =
    Limits.furthestStart + Limits.longestAccess * (Limits.extensionCount + 1)

  /// - Parameters:
  ///   - period: the end excluded.
  ///   - fetched: when the checkpoint was fetched, as whoever verifies knows by themself; nil: the
  ///     log must show that it goes on after the period.
  ///   - demandsWhole: takes nothing but the log from its first entry on.
  public init(in period: Range<Timestamp>, fetched: Timestamp?, demandsWhole: Bool) {
    self.period = period
    self.fetched = fetched
    self.demandsWhole = demandsWhole
  }

  /// - Parameter evidence: checked by `EvidenceCheck` before.
  public func check(_ evidence: PeriodEvidence) -> Report {
    var report = Report()
    let logged: [LoggedEntry]
    do throws(EntryFault) {
      logged = try EvidenceEntries.read(evidence)
    } catch {
      report.fail("order of the entries", "\(error)", entry: error.index)
      return report
    }
    let edges = PeriodEdges(evidence, logged)
    accesses(logged, &report)
    beginning(evidence, edges, &report)
    end(evidence, edges, &report)
    return report
  }

  private func beginning(
    _ evidence: PeriodEvidence, _ edges: PeriodEdges, _ report: inout Report
  ) {
    let check = "what was opened before"
    guard evidence.firstIndex > 0 else {
      report.hold(check, "the log from its first entry on")
      return
    }
    guard !demandsWhole, edges.beginsBefore(period.lowerBound - Self.lookBack) else {
      report.fail(
        check,
        demandsWhole
          ? "the entries before \(evidence.firstIndex) are not here"
          : "an entry before \(evidence.firstIndex) may have opened an access that lasts into the "
            + "period: the range must begin \(Self.lookBack.components.seconds / 86_400) days earlier",
        entry: evidence.firstIndex)
      return
    }
    report.hold(
      check, "an entry of the approvals feed from before anything that could last so long")
    report.rest(
      on: "before entry \(evidence.firstIndex), which is not here, the approvals feed is in the "
        + "order of its times, and no grant outlasts its approval by more than Lockbox lets it")
  }

  private func end(_ evidence: PeriodEvidence, _ edges: PeriodEdges, _ report: inout Report) {
    let check = "what may come after"
    if edges.endsAfter(period.upperBound) {
      report.hold(check, "an entry of the approvals feed from after the period")
      report.rest(
        on:
          "the approvals feed is in the order of its times after entry \(evidence.endIndex - 1) too"
      )
    } else if !edges.reachesCheckpoint {
      report.fail(
        check, "entries from \(evidence.endIndex) on may be of the period", entry: evidence.endIndex
      )
    } else if let fetched, fetched >= period.upperBound {
      report.hold(check, "the log as it was at \(fetched), after the period")
      report.rest(
        on: "the checkpoint of size \(evidence.endIndex) was the log's newest at \(fetched): you "
          + "say so, or your witness does; without one, only comparing checkpoints with others "
          + "shows a log that tells each something else")
    } else {
      report.fail(
        check,
        "nothing shows that the log was looked at after \(period.upperBound): name the moment at "
          + "which you fetched the checkpoint, if you know it", entry: evidence.endIndex)
    }
  }

  private func accesses(_ logged: [LoggedEntry], _ report: inout Report) {
    let ledger = AccessLedger(logged)
    let check = "no access from \(period.lowerBound) to \(period.upperBound)"
    for entry in ledger.unreadable {
      report.fail(check, "entry \(entry) is of a kind that may be an access", entry: entry)
    }
    let open = ledger.windows.filter { $0.isOpen(in: period) }
    for window in open { report.fail(check, window.sentence, entry: window.entry) }
    guard open.isEmpty, ledger.unreadable.isEmpty else { return }
    report.hold(check, "\(ledger.windows.count) grants in \(logged.count) entries, none live then")
    report.rest(
      on: "whoever guards the content takes nothing but access tokens, and checks their receipts")
  }
}

extension AccessWindow {
  /// What it was, in the words of the log.
  fileprivate var sentence: String {
    guard let grant else {
      return "an access token was issued by entry \(entry), for the grant \(grantID), and lived "
        + "until \(over)"
    }
    let how = grant.breakGlass ? "break-glass gave" : "entry \(entry) gave"
    let engineer = grant.engineer?.id ?? ""
    return "\(how) \(engineer) access by the grant \(grantID), from \(start) to \(over)"
  }
}
