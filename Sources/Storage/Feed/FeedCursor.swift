extension Connection {
  /// How far this database has consumed another service's feed; 0 when not at all.
  public func cursor(of feed: String) throws -> UInt64 {
    try first("SELECT sequence FROM feed_cursor WHERE feed = ?", feed) { try $0.get(0) } ?? 0
  }
}

extension Transaction {
  /// How far this database has consumed another service's feed; 0 when not at all.
  public func cursor(of feed: String) throws -> UInt64 {
    try connection.cursor(of: feed)
  }

  /// Notes, in the transaction that applies them, that the events after `from` up to and including
  /// `to` are applied: once, whatever is delivered twice.
  /// - Throws: `gap` when `from` is not where the cursor stands: events were missed, or these were
  ///   applied before; `outOfRange` when `to` is not after `from`.
  public func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    let stored = try cursor(of: feed)
    guard stored == from else {
      throw StorageError(
        .gap(expected: stored, found: from),
        message: "feed \(feed) is applied up to \(stored), not \(from)",
        while: "moving its cursor", path: connection.path)
    }
    guard to > from else {
      throw StorageError(
        .outOfRange, message: "the cursor of feed \(feed) cannot go from \(from) to \(to)",
        while: "moving it", path: connection.path)
    }
    try execute(
      "INSERT INTO feed_cursor (feed, sequence) VALUES (?, ?) "
        + "ON CONFLICT (feed) DO UPDATE SET sequence = excluded.sequence", feed, to)
  }
}
