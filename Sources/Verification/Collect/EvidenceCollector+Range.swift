internal import Domain
internal import LockboxProto
internal import Words

/// Where the exported range begins and ends. What the service says of times is only a hint here:
/// whoever verifies looks at the entries.
extension EvidenceCollector {
  private static let step: UInt64 = 256

  /// The newest entry of the approvals feed from before anything that could give access in the
  /// period; else the first entry.
  func firstIndex(below size: UInt64) async throws -> UInt64 {
    let moment = period.lowerBound - NoAccess.lookBack
    var end = try await source.firstIndex(from: moment) ?? size
    end = min(end, size)
    while end > 0 {
      let start = end > Self.step ? end - Self.step : 0
      let older = try await entries(from: start, to: end, passesDropped: true)
      if let last = older.last(where: { $0.isDecided(before: moment) }) { return last.index }
      end = start
    }
    return 0
  }

  /// Behind the first entry of the approvals feed from after the period; else the log's end.
  func endIndex(from first: UInt64, size: UInt64) async throws -> UInt64 {
    guard var start = try await source.firstIndex(from: period.upperBound) else { return size }
    start = max(start, first)
    while start < size {
      let end = min(start + Self.step, size)
      let newer = try await entries(from: start, to: end, passesDropped: true)
      if let next = newer.first(where: { $0.isDecided(from: period.upperBound) }) {
        return next.index + 1
      }
      start = end
    }
    return size
  }

  /// The entries of a range, looked at one after the other.
  ///
  /// - Parameter passesDropped: leaves out those whose events retention has dropped.
  func entries(
    from start: UInt64, to end: UInt64, passesDropped: Bool = false
  ) async throws -> [LoggedEntry] {
    guard start < end else { return [] }
    var sequence = EntrySequence(tenantID: tenantID, from: start)
    var entries: [LoggedEntry] = []
    try await source.entries(from: start) { answer in
      for entry in answer where sequence.next < end {
        do throws(EntryFault) {
          if entry.event.isEmpty && passesDropped {
            try sequence.pass(index: entry.index)
          } else {
            entries.append(try sequence.take(index: entry.index, bytes: entry.event))
          }
        } catch {
          throw LogFault(Printable.line(error.description))
        }
      }
      return sequence.next < end
    }
    guard sequence.next == end else {
      throw LogFault(
        "Entry \(sequence.next) is missing: the log ends before its signed entries.")
    }
    return entries
  }
}

extension LoggedEntry {
  fileprivate func isDecided(before moment: Timestamp) -> Bool {
    isOfAccessFeed && time < moment
  }

  fileprivate func isDecided(from moment: Timestamp) -> Bool { isOfAccessFeed && time >= moment }
}
