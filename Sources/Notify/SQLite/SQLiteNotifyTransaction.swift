internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

/// Writes notify's tables within one group of the committer.
struct SQLiteNotifyTransaction: NotifyTransaction {
  private let transaction: Transaction
  private let reader: SQLiteNotifyReader

  init(_ transaction: Transaction) {
    self.transaction = transaction
    reader = SQLiteNotifyReader(connection: transaction.connection)
  }

  var now: Timestamp { Timestamp(nanoseconds: transaction.highWater) }

  func begin(at moment: Timestamp) throws {
    try transaction.execute(
      "INSERT OR IGNORE INTO begun (id, moment) VALUES (1, ?)", moment.nanoseconds)
  }

  func set(_ settings: CommonV1.TenantSettings, of tenant: TenantID) throws {
    try transaction.execute(
      "INSERT OR REPLACE INTO tenant (id, settings) VALUES (?, ?)", tenant.text,
      try settings.serialized())
  }

  func set(_ request: StoredRequest) throws {
    let progress = request.progress
    try transaction.execute(
      """
      INSERT OR REPLACE INTO request
        (id, tenant_id, access_request, engineer_mail, phase, stage, side, stage_name, deadline,
        known_to_customer, break_glass, review_due, decided_by, comment)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, request.id, request.tenant.text, request.accessRequest, request.engineerMail,
      progress.phase.rawValue, progress.stage, Int(progress.side.rawValue), progress.stageName,
      progress.deadline?.nanoseconds, progress.isKnownToCustomer, progress.isBreakGlass,
      progress.reviewDue?.nanoseconds, progress.decidedBy, progress.comment)
  }

  func keep(event id: EventID, _ bytes: [UInt8]) throws {
    try transaction.execute("INSERT OR IGNORE INTO event (id, bytes) VALUES (?, ?)", id, bytes)
  }

  // MARK: Notices

  func add(_ notice: StoredNotice) throws {
    let draft = notice.draft
    try transaction.execute(
      """
      INSERT INTO notice
        (id, lane, recipient_name, owner, tenant_id, request_id, event_id, kind, audience, language,
        detail, time_zone, stage, pointless, not_before, digest, created, state, attempts,
        last_failure, carrier, repeated, finished)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, notice.id, draft.lane.key, draft.recipientName, draft.owner?.text ?? "",
      draft.tenant?.text ?? "", draft.request, draft.event, Int(draft.kind.rawValue),
      Int(draft.audience.rawValue), draft.language.rawValue, Int(draft.detail.rawValue),
      draft.timeZone, draft.stage, draft.pointless?.nanoseconds, draft.notBefore.nanoseconds,
      draft.isDigest, notice.created.nanoseconds, notice.state.rawValue, notice.attempts,
      notice.lastFailure, notice.carrier, notice.isRepeated, notice.finished?.nanoseconds)
  }

  func update(_ notice: StoredNotice) throws {
    try transaction.execute(
      """
      UPDATE notice SET state = ?, attempts = ?, last_failure = ?, carrier = ?, repeated = ?,
        finished = ?, not_before = ?, digest = ?, created = ?
      WHERE id = ?
      """, notice.state.rawValue, notice.attempts, notice.lastFailure, notice.carrier,
      notice.isRepeated, notice.finished?.nanoseconds, notice.draft.notBefore.nanoseconds,
      notice.draft.isDigest, notice.created.nanoseconds, notice.id)
  }

  func set(_ state: LaneState, of lane: Lane) throws {
    guard state != LaneState() else {
      try transaction.execute("DELETE FROM lane WHERE id = ?", lane.key)
      return
    }
    try transaction.execute(
      "INSERT OR REPLACE INTO lane (id, failures, not_before, last_failure) VALUES (?, ?, ?, ?)",
      lane.key, state.failures, state.notBefore?.nanoseconds, state.lastFailure)
  }

  // MARK: Channels

  func set(_ channel: NoticeChannel) throws {
    try transaction.execute(
      """
      INSERT INTO channel (id, owner, settings) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET settings = excluded.settings
      """, channel.id, channel.owner?.text ?? "", try channel.message.serialized())
  }

  func setKeys(_ keys: [ChannelKey], of channel: ChannelID) throws {
    try transaction.execute("DELETE FROM channel_key WHERE channel_id = ?", channel)
    for (place, key) in keys.enumerated() {
      try transaction.execute(
        "INSERT INTO channel_key (channel_id, place, secret, expires) VALUES (?, ?, ?, ?)",
        channel, place, key.bytes, key.expires?.nanoseconds)
    }
  }

  func setDisabled(_ isDisabled: Bool, _ channel: ChannelID) throws {
    try transaction.execute(
      "UPDATE channel SET disabled = ? WHERE id = ?", isDisabled, channel)
  }

  func remove(_ channel: ChannelID) throws {
    try transaction.execute("DELETE FROM channel_key WHERE channel_id = ?", channel)
    try transaction.execute("DELETE FROM channel WHERE id = ?", channel)
    try transaction.execute("DELETE FROM lane WHERE id = ?", Lane.channel(channel).key)
  }

  // MARK: Upkeep

  func purge(finishedBefore moment: Timestamp, limit: Int) throws -> Int {
    let count = try transaction.execute(
      """
      DELETE FROM notice WHERE place IN (
        SELECT place FROM notice WHERE finished < ? ORDER BY finished LIMIT ?)
      """, moment.nanoseconds, limit)
    guard count < limit else { return count }
    try transaction.execute(
      """
      DELETE FROM event WHERE id < ? AND NOT EXISTS (
        SELECT 1 FROM notice WHERE notice.event_id = event.id)
      """, EventID.least(at: moment))
    try transaction.execute(
      """
      DELETE FROM request WHERE id < ? AND phase NOT IN (1, 2, 3, 4) AND review_due IS NULL
        AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.request_id = request.id)
      """, RequestID.least(at: moment))
    return count
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    try transaction.append(event)
  }

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    try transaction.advanceCursor(of: feed, from: from, to: to)
  }
}

extension SQLiteNotifyTransaction {
  func cursor(of feed: String) throws -> UInt64 { try reader.cursor(of: feed) }
  func begun() throws -> Timestamp? { try reader.begun() }
  func settings(of tenant: TenantID) throws -> CommonV1.TenantSettings? {
    try reader.settings(of: tenant)
  }
  func request(_ id: RequestID) throws -> StoredRequest? { try reader.request(id) }
  func event(_ id: EventID) throws -> [UInt8]? { try reader.event(id) }
  func channel(_ id: ChannelID) throws -> NoticeChannel? { try reader.channel(id) }
  func channels(
    of owner: TenantID?, after id: ChannelID?, limit: Int
  ) throws -> [NoticeChannel] { try reader.channels(of: owner, after: id, limit: limit) }
  func keys(of channel: ChannelID) throws -> [ChannelKey] { try reader.keys(of: channel) }
  func isDisabled(_ channel: ChannelID) throws -> Bool { try reader.isDisabled(channel) }
  func waitingLanes() throws -> [Lane] { try reader.waitingLanes() }
  func state(of lane: Lane) throws -> LaneState { try reader.state(of: lane) }
  func dueNotices(of lane: Lane, by now: Timestamp, limit: Int) throws -> [StoredNotice] {
    try reader.dueNotices(of: lane, by: now, limit: limit)
  }
  func nextDue(of lane: Lane) throws -> Timestamp? { try reader.nextDue(of: lane) }
  func waitingCount(of lane: Lane) throws -> Int { try reader.waitingCount(of: lane) }
  func deadLetterCount(of lane: Lane) throws -> Int { try reader.deadLetterCount(of: lane) }
  func notice(_ id: NoticeID) throws -> StoredNotice? { try reader.notice(id) }
  func notices(_ query: NoticeQuery, limit: Int) throws -> [StoredNotice] {
    try reader.notices(query, limit: limit)
  }
  func totals() throws -> (waiting: Int, deadLetters: Int) { try reader.totals() }
}
