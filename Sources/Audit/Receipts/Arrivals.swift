internal import Domain

/// Wakes whoever waits for an event or for a log to grow, right after the commit.
final class Arrivals: Sendable {
  private let events = Subscribers<EventID, EntryPlace>()
  private let logs = Subscribers<LogName, UInt64>()
  private let all = Subscribers<AllLogs, Void>()

  private struct AllLogs: Hashable {}

  /// Where an event stands, as soon as it does.
  ///
  /// - Parameter find: looks whether it stands already; called once, after the waiting has begun,
  ///   so that nothing falls between.
  /// - Throws: what `find` throws; `CancellationError`, also when the service ends.
  func place(
    of event: EventID, find: () async throws -> EntryPlace?
  ) async throws -> EntryPlace {
    let arrivals = events.stream(of: event)
    if let place = try await find() { return place }
    for await place in arrivals { return place }
    throw CancellationError()
  }

  /// The size of a log after a commit that made it grow; a slow reader sees the newest only. Ends
  /// when the service does.
  func sizes(of log: LogName) -> AsyncStream<UInt64> { logs.stream(of: log) }

  /// Tells after each commit that made any log grow; ends when the service does.
  func commits() -> AsyncStream<Void> { all.stream(of: AllLogs()) }

  /// Tells of a batch that is durable.
  func announce(_ batch: [LoggedEvent], at places: [EntryPlace]) {
    if !events.isEmpty {
      for (event, place) in zip(batch, places) { events.tell(event.id, place) }
    }
    if !all.isEmpty { all.tell(AllLogs(), ()) }
    guard !logs.isEmpty else { return }
    var sizes: [LogName: UInt64] = [:]
    for place in places { sizes[place.log] = place.index + 1 }
    for (log, size) in sizes { logs.tell(log, size) }
  }

  /// Ends all waiting, now and later.
  func finish() {
    events.finish()
    logs.finish()
    all.finish()
  }
}
