internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit

/// Proves that an event stands in its tenant's log. Fakes stand in for audit in tests.
protocol ReceiptSource: Sendable {
  /// Waits until the log holds the event and a signed checkpoint covers it that has the
  /// cosignatures demanded.
  /// - Throws: `RPCError` with reason `AUDIT_UNAVAILABLE` or `COSIGNATURES_MISSING` when that cannot
  ///   be had now (I11).
  func receipt(
    of event: EventID, in tenant: TenantID, cosigned required: RequiredCosignatures?
  ) async throws -> CommonV1.Receipt
}

/// Asks the audit service.
struct AuditReceipts: ReceiptSource {
  let audit: RPCClient
  let timeout: Duration

  func receipt(
    of event: EventID, in tenant: TenantID, cosigned required: RequiredCosignatures?
  ) async throws -> CommonV1.Receipt {
    let receipt: CommonV1.Receipt?
    do {
      receipt = try await audit.unary(
        AuditV1.AuditService.awaitReceipt,
        .init(
          tenantID: tenant.text, eventID: event.description,
          requiredCosignatures: required?.message),
        options: CallOptions(timeout: timeout)
      ).receipt
    } catch {
      guard error.reason == Self.missingReason else { throw unavailable }
      throw Self.missing(error.message)
    }
    guard let receipt, let entry = try? EventV1.Event(serialized: receipt.entry),
      entry.eventID == event.description
    else { throw unavailable }
    // Audit's word is not enough for what guards against audit.
    guard required?.isMet(by: receipt.checkpoint) ?? true else {
      throw Self.missing("the checkpoint lacks cosignatures that the tenant demands")
    }
    return receipt
  }

  private static let missingReason = "COSIGNATURES_MISSING"

  private static func missing(_ message: String) -> RPCError {
    .unavailable("\(message), so no token is given; try again", reason: missingReason)
  }

  private var unavailable: RPCError {
    .unavailable(
      "the audit log does not prove the approval now, so no token is given; try again",
      reason: "AUDIT_UNAVAILABLE")
  }
}
