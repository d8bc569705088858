internal import Domain

/// What export keeps: entries of all logs for some days, content blobs made of them, collectors'
/// subscriptions, its feed, and its place among audit's entries.
///
/// SQLite is the store; memory is its fake. One conformance suite holds for both.
protocol ExportStore: Sendable {
  /// Runs `body` alone and keeps what it wrote, all of it or, when it throws, nothing. Returns once
  /// that is durable.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ExportTransaction) throws -> Value
  ) async throws -> Value

  /// Runs `body` on one snapshot of what is durable.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ExportReader) throws -> Value
  ) async throws -> Value
}

protocol ExportReader {
  /// How far audit's entries are kept here.
  func cursor() throws -> UInt64
  /// Entries of all logs after a sequence: at most `limit` and no more than fit in `maximumBytes`,
  /// but at least one where there is one.
  func entries(after sequence: UInt64, limit: Int, maximumBytes: Int) throws -> [StoredEntry]
  /// The entries of a blob, in the order of their indexes.
  func entries(of blob: ContentBlob) throws -> [StoredEntry]

  func blob(_ id: ContentID, of tenant: TenantID) throws -> ContentBlob?
  /// The last index of a tenant's log whose entry was dropped; nil: none was.
  func droppedThrough(_ tenant: TenantID) throws -> UInt64?
  /// Blobs created in a range of time, earliest first, after a position.
  func blobs(
    _ type: ContentType, of tenant: TenantID, created: Range<Timestamp>,
    after position: ContentBlob.Position?, limit: Int
  ) throws -> [ContentBlob]
  /// Blobs after an index (nil: from the first) in the order of the log.
  func blobs(
    _ type: ContentType, of tenant: TenantID, afterIndex index: UInt64?, limit: Int
  ) throws -> [ContentBlob]
  /// The newest blob.
  func lastBlob(_ type: ContentType, of tenant: TenantID) throws -> ContentBlob?

  func subscription(_ key: Subscription.Key) throws -> Subscription?
  /// Of one client, in the order of the types' numbers.
  func subscriptions(of tenant: TenantID, client: Subject) throws -> [Subscription]
  /// Those whose webhook has not been told of all blobs, in no order; without those that are
  /// disabled.
  func subscriptionsToTell() throws -> [Subscription]
  /// Attempts to tell of blobs created in a range of time, in the order of their numbers.
  func attempts(
    _ key: Subscription.Key, created: Range<Timestamp>, after number: Int64, limit: Int
  ) throws -> [NotificationAttempt]
}

protocol ExportTransaction: ExportReader {
  /// Never earlier than any moment before it.
  var now: Timestamp { get }

  /// Keeps an entry, of a content type where it has one.
  func add(_ entry: StoredEntry, _ type: ContentType?) throws
  func add(_ blob: ContentBlob) throws
  func moveCursor(from: UInt64, to: UInt64) throws

  /// The end of the times that a tenant's lists have covered: blobs come later.
  func listedThrough(_ tenant: TenantID) throws -> Timestamp?
  /// Moves that on; never back.
  func noteListed(_ tenant: TenantID, through moment: Timestamp) throws

  func set(_ subscription: Subscription) throws
  func add(_ attempts: [NotificationAttempt], of key: Subscription.Key) throws

  /// Drops entries, blobs and attempts from before a moment, at most `limit` entries.
  /// - Returns: whether there is more to drop.
  func drop(receivedBefore moment: Timestamp, limit: Int) throws -> Bool

  /// Adds an event to the feed; `event` makes its bytes from its sequence.
  func append(_ event: (UInt64) throws -> [UInt8]) throws
}
