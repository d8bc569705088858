internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit

/// Proves that an event stands in its tenant's log. Fakes stand in for audit in tests.
protocol ReceiptSource: Sendable {
  /// Waits until the log holds the event and a signed checkpoint covers it.
  /// - Throws: `RPCError` with reason `AUDIT_UNAVAILABLE` when that cannot be had now (I11).
  func receipt(of event: EventID, in tenant: TenantID) async throws -> CommonV1.Receipt
}

/// Asks the audit service.
struct AuditReceipts: ReceiptSource {
  let audit: RPCClient
  let timeout: Duration

  func receipt(of event: EventID, in tenant: TenantID) async throws -> CommonV1.Receipt {
    let receipt: CommonV1.Receipt?
    do {
      receipt = try await audit.unary(
        AuditV1.AuditService.awaitReceipt,
        .init(tenantID: tenant.text, eventID: event.description),
        options: CallOptions(timeout: timeout)
      ).receipt
    } catch {
      throw unavailable
    }
    guard let receipt, let entry = try? EventV1.Event(serialized: receipt.entry),
      entry.eventID == event.description
    else { throw unavailable }
    return receipt
  }

  private var unavailable: RPCError {
    .unavailable(
      "the audit log does not prove the approval now, so no token is given; try again",
      reason: "AUDIT_UNAVAILABLE")
  }
}
