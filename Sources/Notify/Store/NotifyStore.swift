internal import Domain
internal import LockboxProto

/// What notify keeps: settings and requests as the feeds tell of them, notices with what became of
/// them, channels with their secrets, its feed, its places in the feeds that it follows.
///
/// SQLite is the store; memory is its fake. One conformance suite holds for both.
protocol NotifyStore: Sendable {
  /// Runs `body` alone and keeps what it wrote, all of it or, when it throws, nothing. Returns once
  /// that is durable.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any NotifyTransaction) throws -> Value
  ) async throws -> Value

  /// Runs `body` on one snapshot of what is durable.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any NotifyReader) throws -> Value
  ) async throws -> Value
}

protocol NotifyReader {
  func cursor(of feed: String) throws -> UInt64
  /// When this store began: of what happened before, nobody is told.
  func begun() throws -> Timestamp?

  /// As the newest event says.
  func settings(of tenant: TenantID) throws -> CommonV1.TenantSettings?
  func request(_ id: RequestID) throws -> StoredRequest?
  /// The bytes of an event that notices tell of.
  func event(_ id: EventID) throws -> [UInt8]?

  func channel(_ id: ChannelID) throws -> NoticeChannel?
  /// Ascending by id.
  func channels(of owner: TenantID?, after id: ChannelID?, limit: Int) throws -> [NoticeChannel]
  /// The newest first.
  func keys(of channel: ChannelID) throws -> [ChannelKey]
  /// The receiver said that it is gone.
  func isDisabled(_ channel: ChannelID) throws -> Bool

  /// Where something waits.
  func waitingLanes() throws -> [Lane]
  /// How attempts have gone; all good where nothing is stored.
  func state(of lane: Lane) throws -> LaneState
  /// What is under way, all of it, if anything is; otherwise what waits and is due, in the order in
  /// which it was added.
  func dueNotices(of lane: Lane, by now: Timestamp, limit: Int) throws -> [StoredNotice]
  /// When the next of those that wait is due, its lane's state aside.
  func nextDue(of lane: Lane) throws -> Timestamp?
  func waitingCount(of lane: Lane) throws -> Int
  func deadLetterCount(of lane: Lane) throws -> Int

  func notice(_ id: NoticeID) throws -> StoredNotice?
  /// Newest first.
  func notices(_ query: NoticeQuery, limit: Int) throws -> [StoredNotice]
  /// Notices that wait, and dead letters, over all lanes.
  func totals() throws -> (waiting: Int, deadLetters: Int)
}

/// Which notices of an owner are asked for.
struct NoticeQuery: Hashable, Sendable {
  /// Whose people were told; nil: the provider's.
  var owner: TenantID?
  var request: RequestID?
  var lane: Lane?
  /// Empty: every state.
  var states: Set<StoredNotice.State> = []
  /// Of those that wait, only the ones that were tried (true) or were not (false).
  var wasTried: Bool?
  /// Older than this one.
  var before: NoticeID?
}

protocol NotifyTransaction: NotifyReader {
  /// Never earlier than any moment before it.
  var now: Timestamp { get }

  func begin(at moment: Timestamp) throws
  func set(_ settings: CommonV1.TenantSettings, of tenant: TenantID) throws
  func set(_ request: StoredRequest) throws
  func keep(event id: EventID, _ bytes: [UInt8]) throws

  /// Adds a notice behind those of its lane.
  func add(_ notice: StoredNotice) throws
  /// What may change of a notice: all but its draft's lane and its place.
  func update(_ notice: StoredNotice) throws
  func set(_ state: LaneState, of lane: Lane) throws

  /// Adds or replaces it.
  func set(_ channel: NoticeChannel) throws
  /// In place of all that were there.
  func setKeys(_ keys: [ChannelKey], of channel: ChannelID) throws
  func setDisabled(_ isDisabled: Bool, _ channel: ChannelID) throws
  /// With its keys and its lane's state; notices stay.
  func remove(_ channel: ChannelID) throws

  /// Removes notices that were finished before `moment`, `limit` at most; once there are no more, also
  /// events and requests of before then that no notice tells of, unless more may come of them.
  /// - Returns: how many notices.
  func purge(finishedBefore moment: Timestamp, limit: Int) throws -> Int

  /// Adds an event to the feed; `event` makes its bytes from its sequence.
  func append(_ event: (UInt64) throws -> [UInt8]) throws
  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws
}
