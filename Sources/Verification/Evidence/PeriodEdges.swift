internal import Domain
internal import MerkleLog

/// What lies beyond the ends of a run of entries.
///
/// The approvals service numbers its events in the order in which it commits them, with a clock that
/// never goes back, and the log keeps that order. So beyond one of its entries there is nothing of
/// it from the other side of that entry's time. (Other feeds are logged beside it, later than their
/// times by as much as the audit service was behind.)
struct PeriodEdges {
  private let isFromBeginning: Bool
  private let earliest: Timestamp?
  private let latest: Timestamp?
  /// Whether the run goes up to the newest checkpoint.
  let reachesCheckpoint: Bool

  init(_ evidence: PeriodEvidence, _ entries: [LoggedEntry]) {
    isFromBeginning = evidence.firstIndex == 0
    let approvals = entries.lazy.filter(\.isOfAccessFeed)
    earliest = approvals.first?.time
    latest = approvals.last?.time
    let size = try? Checkpoint(parsing: SignedNote(parsing: evidence.checkpoint).text).size
    reachesCheckpoint = size == evidence.endIndex
  }

  /// Whether nothing that was decided at or after `moment` comes before the run.
  func beginsBefore(_ moment: Timestamp) -> Bool {
    isFromBeginning || earliest.map { $0 < moment } ?? false
  }

  /// Whether nothing that was decided before `moment` comes after the run.
  func endsAfter(_ moment: Timestamp) -> Bool { latest.map { $0 >= moment } ?? false }

  var isWhole: Bool { isFromBeginning && reachesCheckpoint }
}
