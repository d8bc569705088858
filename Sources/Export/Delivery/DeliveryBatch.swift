internal import Domain
internal import LogFormats
internal import Outbound

/// Some entries of a log, dense and in order, of which a destination wants some: pure.
struct DeliveryBatch: Sendable {
  private let entries: [LoggedEntry]
  /// What is sent: what the destination wants, and can be read.
  let records: [EntryRecord]
  /// The places in `entries` of `records`.
  private let places: [Int]

  init(_ entries: [LoggedEntry], for destination: Destination) {
    self.entries = entries
    let texts: TextRule = destination.includesTexts ? .included : .withheld
    var records: [EntryRecord] = []
    var places: [Int] = []
    for (place, entry) in entries.enumerated() where !entry.event.isEmpty {
      // Export has read every event that it keeps; one of no kind is of a newer service.
      guard let record = try? EntryRecord(index: entry.index, event: entry.event, texts: texts),
        destination.wants(record.kind)
      else { continue }
      records.append(record)
      places.append(place)
    }
    self.records = records
    self.places = places
  }

  /// What is to be kept after sending.
  struct Step: Hashable, Sendable {
    var progress: DeliveryProgress
    var givenUp: [StoredDeadLetter] = []
    var isDisabled = false
  }

  func apply(
    _ result: SendingResult, to progress: DeliveryProgress, policy: RetryPolicy, now: Timestamp,
    using random: inout some RandomNumberGenerator
  ) -> Step {
    var step = Step(progress: progress)
    if result.delivered > 0 {
      // What stands before the first that was not delivered, and was not wanted, is behind too.
      let end = result.delivered < places.count ? places[result.delivered] : entries.count
      step.progress = DeliveryProgress(next: entries[end - 1].index + 1)
    } else if records.isEmpty, let last = entries.last {
      step.progress.next = last.index + 1
      return step
    } else if result.failure != nil, let place = places.first {
      step.progress.next = max(step.progress.next, entries[place].index)
    }
    if let failure = result.failure, result.delivered < records.count {
      fail(failure, places[result.delivered], &step, policy, now, &random)
    }
    if let index = result.resendFrom { step.progress.next = min(step.progress.next, index) }
    return step
  }

  private func fail(
    _ failure: DeliveryOutcome, _ place: Int, _ step: inout Step, _ policy: RetryPolicy,
    _ now: Timestamp, _ random: inout some RandomNumberGenerator
  ) {
    let attempts = step.progress.attempts + 1
    let verdict = policy.apply(
      failure, to: &step.progress, eventTime: time(place), now: now, using: &random)
    switch verdict {
    case .advance, .wait: break
    case .disable: step.isDisabled = true
    case .giveUp:
      step.givenUp.append(letter(place, attempts, step, now))
      // A receiver that is not there has not got the others of that age either.
      guard case .failed = failure else { return }
      let rest = places.drop { $0 <= place }
      for other in rest.prefix(while: { now - time($0) > policy.longestAge }) {
        step.givenUp.append(letter(other, 0, step, now))
        step.progress.next = entries[other].index + 1
      }
    }
  }

  private func time(_ place: Int) -> Timestamp {
    records[places.firstIndex(of: place)!].time
  }

  private func letter(_ place: Int, _ attempts: Int, _ step: Step, _ now: Timestamp)
    -> StoredDeadLetter
  {
    StoredDeadLetter(
      index: entries[place].index, event: entries[place].event, givenUp: now, attempts: attempts,
      lastFailure: step.progress.lastFailure, isRetrying: false)
  }
}
