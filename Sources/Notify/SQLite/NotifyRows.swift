internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

extension StoredNotice {
  static let columns: SQL = """
    SELECT id, lane, recipient_name, owner, tenant_id, request_id, event_id, kind, audience,
      language, detail, time_zone, stage, pointless, not_before, digest, created, state, attempts,
      last_failure, carrier, repeated, finished
    FROM notice
    """

  init(_ row: borrowing Row) throws {
    guard let kind = NoticeKind(rawValue: try row.get(7)) else {
      throw row.unexpected(7, "a kind of notice")
    }
    guard let audience = Audience(rawValue: try row.get(8)) else {
      throw row.unexpected(8, "an audience")
    }
    guard let detail = NoticeDetail(rawValue: try row.get(10)) else {
      throw row.unexpected(10, "a detail")
    }
    guard let state = State(rawValue: try row.get(17)) else {
      throw row.unexpected(17, "a notice's state")
    }
    let draft = NoticeDraft(
      lane: try row.lane(1), recipientName: try row.get(2), owner: TenantID(try row.string(3)),
      tenant: TenantID(try row.string(4)), request: try row.get(5), event: try row.get(6),
      kind: kind, audience: audience,
      language: NoticeLanguage(rawValue: try row.string(9)) ?? .english, detail: detail,
      timeZone: try row.get(11), stage: try row.get(12), pointless: try row.time(13),
      notBefore: Timestamp(nanoseconds: try row.get(14)),
      isDigest: try row.get(15, as: Int.self) != 0
    )
    self.init(draft, id: try row.get(0), created: Timestamp(nanoseconds: try row.get(16)))
    self.state = state
    attempts = try row.get(18)
    lastFailure = try row.get(19)
    carrier = try row.get(20)
    isRepeated = try row.get(21, as: Int.self) != 0
    finished = try row.time(22)
  }
}

extension StoredRequest {
  /// Reads id, tenant_id, access_request, engineer_mail, phase, stage, side, stage_name, deadline,
  /// known_to_customer, break_glass, review_due, decided_by, comment.
  init(_ row: borrowing Row) throws {
    guard let tenant = TenantID(try row.string(1)) else { throw row.unexpected(1, "a tenant id") }
    guard let phase = RequestProgress.Phase(rawValue: try row.get(4)) else {
      throw row.unexpected(4, "a request's phase")
    }
    self.init(
      id: try row.get(0), tenant: tenant, accessRequest: try row.bytes(2),
      engineerMail: try row.get(3))
    progress.phase = phase
    progress.stage = try row.get(5)
    progress.side = CommonV1.Side(rawValue: try row.get(6))
    progress.stageName = try row.get(7)
    progress.deadline = try row.time(8)
    progress.isKnownToCustomer = try row.get(9, as: Int.self) != 0
    progress.isBreakGlass = try row.get(10, as: Int.self) != 0
    progress.reviewDue = try row.time(11)
    progress.decidedBy = try row.get(12)
    progress.comment = try row.get(13)
  }
}

extension NoticeChannel {
  /// Reads the column settings.
  init(_ row: borrowing Row) throws {
    try self.init(stored: try CommonV1.Channel(serialized: row.bytes(0), limits: .response))
  }
}

extension Row {
  func time(_ column: Int) throws -> Timestamp? {
    try get(column, as: Int64?.self).map { Timestamp(nanoseconds: $0) }
  }

  func lane(_ column: Int) throws -> Lane {
    guard let lane = Lane(key: try string(column)) else { throw unexpected(column, "a lane") }
    return lane
  }
}
