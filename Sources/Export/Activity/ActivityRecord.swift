internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit

/// An entry as a record of the Office 365 Management Activity API's common schema.
///
/// The customer's decision has the name and the fields that it has in Microsoft 365, where it is an
/// Exchange cmdlet's record, but names the human who decided. Every other event is an operation of
/// its own name. The event itself stands in `LockboxEvent`, in protobuf's JSON.
struct ActivityRecord {
  let event: EventV1.Event
  let tenant: TenantID
  /// In the tenant's log.
  let index: UInt64
  let guids: GUIDs

  /// Of AuditLogRecordType: ExchangeAdmin and Windows365CustomerLockbox.
  private enum RecordType: Int64 {
    case exchangeAdmin = 1
    case customerLockbox = 257
  }

  /// Of UserType.
  private enum UserType: Int64 {
    case regular = 0
    case admin = 2
    case dataCenterAdmin = 3
    case system = 4
    case application = 5
  }

  func json() throws -> JSONValue {
    var members = common
    if let decision = customerDecision { members += exchange(decision) }
    members += [
      ("TenantId", .string(tenant.text)),
      ("LogIndex", .number(Int64(index))),
      ("LockboxEvent", .text(try ProtobufJSON.encode(event))),
    ]
    if case .accessRequestReceived(let it) = event.payload {
      let request = try CommonV1.AccessRequest(serialized: it.accessRequest, limits: .response)
      members.append(("AccessRequest", .text(try ProtobufJSON.encode(request))))
    }
    return .object(members)
  }

  private var customerDecision: CommonV1.Decision? {
    guard case .decisionRecorded(let it) = event.payload, it.decision?.side == .customer else {
      return nil
    }
    return it.decision
  }

  private var common: [(String, JSONValue)] {
    let isDecision = customerDecision != nil
    let type = isDecision ? RecordType.exchangeAdmin : .customerLockbox
    return [
      ("Id", .string(event.eventID)),
      ("RecordType", .number(type.rawValue)),
      ("CreationTime", .string(Timestamp(event.time)?.seconds19 ?? "")),
      ("Operation", .string(isDecision ? "Set-AccessToCustomerDataRequest" : operation)),
      ("OrganizationId", .string(guids.of(tenant))),
      ("UserType", .number(userType.rawValue)),
      ("UserKey", .string(userKey)),
      ("Workload", .string(isDecision ? "Exchange" : "CustomerLockbox")),
      ("ResultStatus", .string(isDecision ? "True" : "Succeeded")),
      ("ObjectId", .string(event.requestID.isEmpty ? event.eventID : event.requestID)),
      ("UserId", .string(userID)),
      // A lockbox knows people by their tokens and keeps no addresses.
      ("ClientIP", .string("")),
      ("Scope", .string("online")),
      ("Version", .number(1)),
    ]
  }

  /// What the Exchange Admin schema adds.
  private func exchange(_ decision: CommonV1.Decision) -> [(String, JSONValue)] {
    func parameter(_ name: String, _ value: String) -> JSONValue {
      .object([("Name", .string(name)), ("Value", .string(value))])
    }
    let verdict = decision.verdict == .approve ? "Approve" : "Deny"
    var parameters = [
      parameter("ApprovalDecision", verdict), parameter("RequestId", event.requestID),
    ]
    if !decision.comment.isEmpty { parameters.append(parameter("Comment", decision.comment)) }
    return [
      ("ExternalAccess", .bool(false)),
      ("OrganizationName", .string(tenant.text)),
      ("OriginatingServer", .string(guids.trustDomain)),
      ("Parameters", .array(parameters)),
    ]
  }

  /// The payload's name as operations are written: `AccessRequestReceived`.
  private var operation: String {
    (event.payload?.fieldName ?? "unknown").split(separator: "_")
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private var userType: UserType {
    if event.actor?.authentication == .serviceToken { return .application }
    switch event.actor?.role {
    case "engineer", "manager", "operator": return .dataCenterAdmin
    case "admin": return .admin
    case "approver", "auditor": return .regular
    default: return .system
    }
  }

  private var userID: String {
    let id = event.actor?.subject?.id ?? ""
    return id.isEmpty ? event.actor?.role ?? "system" : id
  }

  /// One for each person, whatever their id at other issuers.
  private var userKey: String {
    guard let subject = event.actor?.subject, !subject.id.isEmpty else { return userID }
    return "\(subject.issuer)#\(subject.id)"
  }
}
