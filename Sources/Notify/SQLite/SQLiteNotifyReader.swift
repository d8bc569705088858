internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

/// Reads notify's tables; serves reads and, through the transaction, writes alike.
struct SQLiteNotifyReader: NotifyReader {
  let connection: Connection

  func cursor(of feed: String) throws -> UInt64 { try connection.cursor(of: feed) }

  func begun() throws -> Timestamp? {
    try connection.first("SELECT moment FROM begun") { Timestamp(nanoseconds: try $0.get(0)) }
  }

  func settings(of tenant: TenantID) throws -> CommonV1.TenantSettings? {
    try connection.first("SELECT settings FROM tenant WHERE id = ?", tenant.text) {
      try CommonV1.TenantSettings(serialized: $0.bytes(0), limits: .response)
    }
  }

  func request(_ id: RequestID) throws -> StoredRequest? {
    try connection.first(
      """
      SELECT id, tenant_id, access_request, engineer_mail, phase, stage, side, stage_name, deadline,
        known_to_customer, break_glass, review_due, decided_by, comment
      FROM request WHERE id = ?
      """, id
    ) { try StoredRequest($0) }
  }

  func event(_ id: EventID) throws -> [UInt8]? {
    try connection.first("SELECT bytes FROM event WHERE id = ?", id) { try $0.bytes(0) }
  }

  // MARK: Channels

  func channel(_ id: ChannelID) throws -> NoticeChannel? {
    try connection.first("SELECT settings FROM channel WHERE id = ?", id) {
      try NoticeChannel($0)
    }
  }

  func channels(
    of owner: TenantID?, after id: ChannelID?, limit: Int
  ) throws -> [NoticeChannel] {
    guard let id else {
      return try connection.all(
        "SELECT settings FROM channel WHERE owner = ? ORDER BY id LIMIT ?", owner?.text ?? "",
        limit
      ) { try NoticeChannel($0) }
    }
    return try connection.all(
      "SELECT settings FROM channel WHERE owner = ? AND id > ? ORDER BY id LIMIT ?",
      owner?.text ?? "", id, limit
    ) { try NoticeChannel($0) }
  }

  func keys(of channel: ChannelID) throws -> [ChannelKey] {
    try connection.all(
      "SELECT secret, expires FROM channel_key WHERE channel_id = ? ORDER BY place", channel
    ) { ChannelKey(bytes: try $0.bytes(0), expires: try $0.time(1)) }
  }

  func isDisabled(_ channel: ChannelID) throws -> Bool {
    try connection.first("SELECT disabled FROM channel WHERE id = ?", channel) {
      try $0.get(0, as: Int.self) != 0
    } ?? false
  }

  // MARK: Lanes

  func waitingLanes() throws -> [Lane] {
    try connection.all("SELECT DISTINCT lane FROM notice WHERE state = 1") { try $0.lane(0) }
  }

  func state(of lane: Lane) throws -> LaneState {
    try connection.first(
      "SELECT failures, not_before, last_failure FROM lane WHERE id = ?", lane.key
    ) {
      LaneState(
        failures: try $0.get(0), notBefore: try $0.time(1), lastFailure: try $0.get(2))
    } ?? LaneState()
  }

  func dueNotices(of lane: Lane, by now: Timestamp, limit: Int) throws -> [StoredNotice] {
    let underWay = try connection.all(
      StoredNotice.columns + " WHERE lane = ? AND state = 1 AND carrier IS NOT NULL ORDER BY place",
      lane.key
    ) { try StoredNotice($0) }
    guard underWay.isEmpty else { return underWay }
    return try connection.all(
      StoredNotice.columns + """
         WHERE lane = ? AND state = 1 AND not_before <= ? AND carrier IS NULL
        ORDER BY place LIMIT ?
        """, lane.key, now.nanoseconds, limit
    ) { try StoredNotice($0) }
  }

  func nextDue(of lane: Lane) throws -> Timestamp? {
    try connection.first(
      "SELECT min(not_before) FROM notice WHERE lane = ? AND state = 1", lane.key
    ) { try $0.time(0) } ?? nil
  }

  func waitingCount(of lane: Lane) throws -> Int {
    try connection.first("SELECT count(*) FROM notice WHERE lane = ? AND state = 1", lane.key) {
      try $0.get(0)
    } ?? 0
  }

  func deadLetterCount(of lane: Lane) throws -> Int {
    try connection.first("SELECT count(*) FROM notice WHERE lane = ? AND state = 3", lane.key) {
      try $0.get(0)
    } ?? 0
  }

  // MARK: Notices

  func notice(_ id: NoticeID) throws -> StoredNotice? {
    try connection.first(StoredNotice.columns + " WHERE id = ?", id) { try StoredNotice($0) }
  }

  func notices(_ query: NoticeQuery, limit: Int) throws -> [StoredNotice] {
    var sql = StoredNotice.columns + " WHERE owner = ?"
    var bindings: [any Bindable] = [query.owner?.text ?? ""]
    if let request = query.request {
      sql = sql + " AND request_id = ?"
      bindings.append(request)
    }
    if let lane = query.lane {
      sql = sql + " AND lane = ?"
      bindings.append(lane.key)
    }
    if let before = query.before {
      sql = sql + " AND id < ?"
      bindings.append(before)
    }
    if !query.states.isEmpty {
      let states = StoredNotice.State.allCases.filter(query.states.contains)
      sql = sql + " AND state IN (?"
      for _ in states.dropFirst() { sql = sql + ", ?" }
      sql = sql + ")"
      bindings += states.map(\.rawValue)
    }
    switch query.wasTried {
    case true: sql = sql + " AND (state <> 1 OR attempts > 0)"
    case false: sql = sql + " AND (state <> 1 OR attempts = 0)"
    case nil: break
    }
    sql = sql + " ORDER BY id DESC LIMIT ?"
    bindings.append(limit)
    return try connection.all(sql, bindings: bindings) { try StoredNotice($0) }
  }

  func totals() throws -> (waiting: Int, deadLetters: Int) {
    func count(_ sql: SQL) throws -> Int { try connection.first(sql) { try $0.get(0) } ?? 0 }
    return (
      try count("SELECT count(*) FROM notice WHERE state = 1"),
      try count("SELECT count(*) FROM notice WHERE state = 3")
    )
  }
}
