internal import Domain

/// What deliveries keep: destinations with their secrets, how far each has come, dead letters; and
/// what they read: the entries that export has taken from the log.
///
/// SQLite is the store; memory is its fake. One conformance suite holds for both.
protocol DeliveryStore: Sendable {
  /// Runs `body` alone and keeps what it wrote, all of it or, when it throws, nothing. Returns once
  /// that is durable.
  func writeDeliveries<Value: Sendable>(
    _ body: @escaping @Sendable (any DeliveryTransaction) throws -> Value
  ) async throws -> Value

  /// Runs `body` on one snapshot of what is durable.
  func readDeliveries<Value: Sendable>(
    _ body: @escaping @Sendable (any DeliveryReader) throws -> Value
  ) async throws -> Value
}

/// A secret of a webhook, and until when it signs.
struct StoredKey: Hashable, Sendable {
  let bytes: [UInt8]
  /// Nil: the present one.
  let expires: Timestamp?
}

/// An entry that was given up.
struct StoredDeadLetter: Hashable, Sendable {
  let index: UInt64
  /// The event's bytes, kept here: the entries are kept for some days only.
  let event: [UInt8]
  let givenUp: Timestamp
  let attempts: Int
  let lastFailure: String
  /// It waits to be sent once more.
  let isRetrying: Bool
}

/// Dead letters that wait to be sent once more.
struct RetriedLetters: Hashable, Sendable {
  let count: UInt64
  /// The first and the last one's index; 0 where there is none.
  let first: UInt64
  let last: UInt64
}

/// An entry of one log.
struct LoggedEntry: Hashable, Sendable {
  let index: UInt64
  /// Empty where the tenant's retention has dropped it.
  let event: [UInt8]
}

protocol DeliveryReader {
  func destination(_ id: DestinationID) throws -> Destination?
  /// Of one log, ascending by id, after `id`.
  func destinations(of tenant: TenantID?, after id: DestinationID?, limit: Int) throws
    -> [Destination]
  func allDestinations() throws -> [Destination]
  /// The present one first.
  func keys(of id: DestinationID) throws -> [StoredKey]
  func progress(of id: DestinationID) throws -> DeliveryProgress?
  /// Ascending by index, from `index`.
  func deadLetters(of id: DestinationID, from index: UInt64, limit: Int) throws
    -> [StoredDeadLetter]
  func deadLettersToRetry(of id: DestinationID, limit: Int) throws -> [StoredDeadLetter]
  func deadLetterCount(of id: DestinationID) throws -> UInt64

  /// Entries of a log from an index on: at most `limit`, no more than fit in `maximumBytes`, but at
  /// least one where there is one. The first may have a higher index: what is older was dropped.
  func entries(
    of tenant: TenantID?, from index: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [LoggedEntry]
  /// The index after the last entry; 0 for none.
  func size(of tenant: TenantID?) throws -> UInt64
  /// The index of the first entry that is kept; the size where there is none.
  func firstIndex(of tenant: TenantID?) throws -> UInt64
}

protocol DeliveryTransaction: DeliveryReader {
  /// Never earlier than any moment before it.
  var now: Timestamp { get }

  /// Adds or replaces it; its progress stays.
  func set(_ destination: Destination) throws
  /// In place of all that were there.
  func setKeys(_ keys: [StoredKey], of id: DestinationID) throws
  func setProgress(_ progress: DeliveryProgress, of id: DestinationID) throws
  /// With all that belongs to it.
  func remove(_ id: DestinationID) throws
  /// Adds or replaces, by index.
  func set(_ deadLetter: StoredDeadLetter, of id: DestinationID) throws
  func removeDeadLetter(_ index: UInt64, of id: DestinationID) throws
  /// Marks those of `indexes` (`nil`: all) that there are.
  /// - Returns: which are marked now.
  func retryDeadLetters(_ indexes: [UInt64]?, of id: DestinationID) throws -> RetriedLetters

  /// Adds an event to the feed; `event` makes its bytes from its sequence.
  func append(_ event: (UInt64) throws -> [UInt8]) throws
}
