internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit

/// What a caller asks for, checked as far as its words go.
struct AskedAccess: Sendable {
  let key: String
  let tenant: TenantID
  let workload: Workload
  let reason: ReasonCode
  let severity: Severity?
  let scope: Scope
  let duration: Duration
  let justification: String
  let ticket: String
  /// The grant to continue.
  let extends: GrantID?
  let isBreakGlass: Bool
  /// Over everything but the key.
  let content: Digest

  /// - Throws: every violation at once, by field path.
  init(_ request: IntakeV1.SubmitAccessRequestRequest, shortest: Duration) throws {
    var violations = Violations()
    violations.idempotencyKey(request.idempotencyKey, "idempotency_key")
    let name = "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter"
    let tenant = violations.unwrap(TenantID(request.tenantID), "tenant_id", name)
    let workload = violations.unwrap(Workload(request.workload), "workload", name)
    let reason = violations.unwrap(
      ReasonCode(rawValue: request.reasonCode.rawValue), "reason_code", "is missing or unknown")
    let severity = Severity(request.severity)
    violations.require(
      severity != nil || request.severity == .unspecified, "severity", "is unknown")
    violations.text(
      request.justification, "justification", length: Limits.justificationLength, lines: true)
    violations.text(request.ticket, "ticket", length: Limits.ticketLength)
    let scope = violations.scope(request.scope, "scope")
    let duration = violations.unwrap(
      Duration(request.duration), "duration", "is missing or no valid duration")
    if let duration {
      violations.accessDuration(
        duration, "duration",
        longest: request.breakGlass ? Limits.longestBreakGlassAccess : Limits.longestAccess,
        shortest: shortest)
    }
    var extends: GrantID?
    if !request.extendsGrantID.isEmpty {
      extends = violations.unwrap(
        GrantID(request.extendsGrantID), "extends_grant_id", "is no grant's id")
      violations.require(
        !request.breakGlass, "break_glass", "extends nothing: ask for more time, or break the glass"
      )
    }
    try violations.check()
    guard let tenant, let workload, let reason, let scope, let duration else {
      preconditionFailure("checked above")
    }
    var content = request
    content.idempotencyKey = ""
    guard let digest = Digest(Sha256.digest(try content.serialized())) else {
      preconditionFailure("a SHA-256 digest has 32 bytes")
    }
    key = request.idempotencyKey
    self.tenant = tenant
    self.workload = workload
    self.reason = reason
    self.severity = severity
    self.scope = scope
    self.duration = duration
    justification = request.justification
    ticket = request.ticket
    self.extends = extends
    isBreakGlass = request.breakGlass
    self.content = digest
  }

  /// The request's bytes: made once, never encoded again.
  func accepted(
    as id: RequestID, from engineer: Subject, at time: Timestamp
  ) throws -> [UInt8] {
    try CommonV1.AccessRequest(
      requestID: id.description, tenantID: tenant.text, workload: workload.text,
      engineer: .init(engineer), reasonCode: .init(rawValue: reason.rawValue),
      justification: justification, ticket: ticket, scope: .init(scope),
      duration: .init(duration), receiveTime: .init(time),
      severity: severity.map { .init(rawValue: $0.rawValue) } ?? .unspecified,
      extendsGrantID: extends?.description ?? "", breakGlass: isBreakGlass
    ).serialized()
  }
}
