public import Domain
public import LockboxProto
internal import ProtobufC

extension AccessRequest {
  /// Reads an accepted request from the bytes that intake stored, and digests these bytes.
  /// - Throws: `StoredMessageError` when they are none that intake accepts.
  public init(stored bytes: [UInt8]) throws {
    let message = try CommonV1.AccessRequest(serialized: bytes, limits: .standard)
    let extends = GrantID(message.extendsGrantID)
    guard let id = RequestID(message.requestID), let tenant = TenantID(message.tenantID),
      let workload = Workload(message.workload), let engineer = message.engineer,
      let reason = ReasonCode(rawValue: message.reasonCode.rawValue),
      message.severity == .unspecified || Severity(message.severity) != nil,
      let scope = Scope(message.scope), let duration = Duration(message.duration),
      let receiveTime = Timestamp(message.receiveTime), let digest = Digest(Sha256.digest(bytes)),
      extends != nil || message.extendsGrantID.isEmpty
    else { throw StoredMessageError(message: "access request", id: message.requestID) }
    self.init(
      id: id, tenant: tenant, workload: workload, engineer: Subject(engineer), reason: reason,
      severity: Severity(message.severity),
      hasTicket: !message.ticket.allSatisfy(\.isWhitespace), scope: scope, duration: duration,
      receiveTime: receiveTime, digest: digest, extends: extends,
      isBreakGlass: message.breakGlass)
  }
}

extension Severity {
  /// Nil where none is stated, or one that this build does not know.
  public init?(_ severity: CommonV1.Severity) { self.init(rawValue: severity.rawValue) }
}

/// Bytes that one of our services stored and another cannot read.
public struct StoredMessageError: Error, Hashable, Sendable, CustomStringConvertible {
  public let message: String
  public let id: String

  public init(message: String, id: String) {
    self.message = message
    self.id = id
  }

  public var description: String { "a stored \(message) cannot be read (\(id))" }
}
