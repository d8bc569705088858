internal import Domain
internal import DomainProto
internal import LockboxProto

/// How much time a stage or a grant has left, as a bar with its words: `time-left.mustache`.
struct TimeLeft: Hashable, Sendable {
  /// Of 100; full at the beginning.
  let percent: Int
  /// `3 h 12 min left`
  let text: String
  /// Whether less than a tenth is left.
  let isShort: Bool
  let end: Moment

  /// Nil where nothing runs.
  init?(_ record: ApprovalsV1.AccessRequestRecord, _ reading: Reading) {
    guard let end = Timestamp(record.deadline) else { return nil }
    let total: Swift.Duration
    switch record.state {
    case .awaitingProvider, .awaitingCustomer:
      guard record.stages.indices.contains(Int(record.openStage)),
        let lifetime = Swift.Duration(record.stages[Int(record.openStage)].lifetime)
      else { return nil }
      total = lifetime
    case .approved:
      guard let start = Timestamp(record.grant?.startTime) else { return nil }
      total = end - start
    case .unspecified, .received, .denied, .expired, .withdrawn, .revoked, .ended, .unrecognized:
      return nil
    }
    self.init(end: end, of: total, reading)
  }

  init(end: Timestamp, of total: Swift.Duration, _ reading: Reading) {
    let left = max(.zero, end - reading.now)
    let share = total > .zero ? left / total : 0
    percent = max(0, min(100, Int((share * 100).rounded(.up))))
    text = reading.texts("time.left", ["duration": reading.texts.duration(left)])
    isShort = share < 0.1
    self.end = reading.moment(end)
  }
}
