internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Synchronization

@testable internal import Approvals

/// Stands in for the audit service: proves whatever it is asked for, or is down.
final class FakeReceipts: ReceiptSource {
  private struct State {
    var isDown = false
    var asked: [EventID] = []
    var meanwhile: (@Sendable () async throws -> Void)?
  }

  private let state = Mutex(State())

  var asked: [EventID] { state.withLock { $0.asked } }

  func set(down: Bool) { state.withLock { $0.isDown = down } }

  /// What happens while the receipt is waited for.
  func meanwhile(_ body: @escaping @Sendable () async throws -> Void) {
    state.withLock { $0.meanwhile = body }
  }

  func receipt(
    of event: EventID, in tenant: TenantID, cosigned required: RequiredCosignatures?
  ) async throws -> CommonV1.Receipt {
    let (isDown, meanwhile) = state.withLock { state in
      state.asked.append(event)
      return (state.isDown, state.meanwhile)
    }
    try await meanwhile?()
    if isDown { throw RPCError.unavailable("down", reason: "AUDIT_UNAVAILABLE") }
    return CommonV1.Receipt(
      origin: "log.test/\(tenant)", index: 1, entry: Array(event.description.utf8))
  }
}
