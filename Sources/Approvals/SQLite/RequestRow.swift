internal import Domain
internal import ServiceKit
internal import Storage

/// One row of the table `request`.
struct RequestRow {
  let id: RequestID
  let accessRequest: [UInt8]
  let workload: String
  let tenant: String
  let policyVersion: UInt64?
  let tenantVersion: UInt64?
  let stateName: RequestState.Name
  let stage: Int?
  let deadline: Timestamp?
  let grant: (id: GrantID, start: Timestamp, end: Timestamp)?
  let approvalEvent: EventID?
  let updateTime: Timestamp
  let extended: ExtendedGrant?
  let denial: DenialReason?
  let notices: Set<StageNotice>

  /// Reads the columns in the order of the statement in `SQLiteApprovalsReader`.
  init(_ row: borrowing Row) throws {
    id = try row.get(0)
    accessRequest = try row.get(1)
    workload = try row.get(2)
    tenant = try row.get(3)
    policyVersion = try row.get(4)
    tenantVersion = try row.get(5)
    guard let name = RequestState.Name(rawValue: try row.get(6)) else {
      throw row.unexpected(6, "a state")
    }
    stateName = name
    stage = try row.get(7)
    deadline = try row.get(8, as: Int64?.self).map { Timestamp(nanoseconds: $0) }
    if let grantID = try row.get(9, as: GrantID?.self) {
      grant = (
        grantID, Timestamp(nanoseconds: try row.get(10)), Timestamp(nanoseconds: try row.get(11))
      )
    } else {
      grant = nil
    }
    approvalEvent = try row.get(12)
    updateTime = Timestamp(nanoseconds: try row.get(13))
    if let grant = try row.get(14, as: GrantID?.self) {
      extended = ExtendedGrant(
        id: grant, end: Timestamp(nanoseconds: try row.get(15)), position: try row.get(16))
    } else {
      extended = nil
    }
    denial = try row.get(17, as: String?.self).flatMap { DenialReason(rawValue: $0) }
    notices = Set(noticeBits: try row.get(18))
  }

  func state() throws -> RequestState {
    switch stateName {
    case .awaitingProvider, .awaitingCustomer:
      guard let stage, let deadline else {
        throw StoredMessageError(message: "open stage without a deadline", id: id.description)
      }
      return stateName == .awaitingProvider
        ? .awaitingProvider(stage: stage, deadline: deadline)
        : .awaitingCustomer(stage: stage, deadline: deadline)
    case .received: return .received
    case .approved: return .approved
    case .denied: return .denied
    case .expired: return .expired
    case .withdrawn: return .withdrawn
    case .revoked: return .revoked
    case .ended: return .ended
    }
  }
}

extension Set<StageNotice> {
  init(noticeBits bits: Int) {
    self.init(StageNotice.allCases.filter { bits & $0.bit != 0 })
  }

  var noticeBits: Int { reduce(0) { $0 | $1.bit } }
}

extension StageNotice {
  fileprivate var bit: Int { 1 << Int(rawValue) }
}
