internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import RPC
internal import ServiceKit

/// Receipts, checkpoints and proofs of `lockbox.audit.v1.AuditService`.
struct ProofHandlers: Sendable {
  let store: any AuditStore
  let origins: Origins
  let signed: SignedLogs
  let checkpoints: CosignedCheckpoints
  let receipts: Receipts

  private typealias Service = AuditV1.AuditService

  /// The methods for people.
  func add(to router: inout Router) {
    router.unary(Service.getCheckpoint) { try await checkpoint($0, by: $1.caller()) }
    router.unary(Service.getInclusionProof) { try await inclusion($0, by: $1.caller()) }
    router.unary(Service.getConsistencyProof) { try await consistency($0, by: $1.caller()) }
  }

  /// The method for services.
  func addForServices(to router: inout Router) {
    router.unary(Service.awaitReceipt) { request, _ in try await awaitReceipt(request) }
  }

  func awaitReceipt(
    _ request: AuditV1.AwaitReceiptRequest
  ) async throws -> AuditV1.AwaitReceiptResponse {
    let log = try LogName(field: "tenant_id", request.tenantID)
    guard let event = EventID(request.eventID) else {
      throw Violation(field: "event_id", problem: "is no event id")
    }
    let demand: CosignatureDemand?
    do {
      demand = try request.requiredCosignatures.map(CosignatureDemand.init)
    } catch {
      throw Violation(
        field: "required_cosignatures", problem: "names no count of verifier keys of witnesses")
    }
    let (entry, receipt) = try await receipts.receipt(of: event, in: log, cosigned: demand)
    return .init(
      receipt: .init(
        origin: origins.origin(of: log).rawValue, index: entry.index, entry: entry.event,
        inclusionProof: receipt.inclusionProof.map(\.bytes), checkpoint: receipt.checkpoint))
  }

  func checkpoint(
    _ request: AuditV1.GetCheckpointRequest, by caller: Caller
  ) async throws -> AuditV1.GetCheckpointResponse {
    let log = try caller.log(request.tenantID)
    return .init(checkpoint: try await checkpoints.newest(of: log))
  }

  func inclusion(
    _ request: AuditV1.GetInclusionProofRequest, by caller: Caller
  ) async throws -> AuditV1.GetInclusionProofResponse {
    let log = try caller.log(request.tenantID)
    let size = try await self.size(request.treeSize, of: log)
    guard request.index < size else {
      throw RPCError.beyond("the entry \(request.index)", size)
    }
    let hashes = try await store.read(log) { reader in
      try InclusionProof.make(index: request.index, size: size, nodes: reader.hash(of:))
    }
    return .init(treeSize: size, hashes: hashes.map(\.bytes))
  }

  func consistency(
    _ request: AuditV1.GetConsistencyProofRequest, by caller: Caller
  ) async throws -> AuditV1.GetConsistencyProofResponse {
    let log = try caller.log(request.tenantID)
    let new = try await size(request.newSize, of: log)
    guard request.oldSize <= new else {
      throw RPCError.beyond("the older size \(request.oldSize)", new)
    }
    let hashes = try await store.read(log) { reader in
      try ConsistencyProof.make(old: request.oldSize, new: new, nodes: reader.hash(of:))
    }
    return .init(newSize: new, hashes: hashes.map(\.bytes))
  }

  /// The size asked for, or for 0 the newest checkpoint's.
  private func size(_ asked: UInt64, of log: LogName) async throws -> UInt64 {
    guard asked > 0 else { return try await signed.newest(of: log).size }
    let size = try await store.read(log) { try $0.size() }
    guard asked <= size else { throw RPCError.beyond("the size \(asked)", size) }
    return asked
  }
}

extension RPCError {
  /// Asked for what the log does not have yet.
  fileprivate static func beyond(_ what: String, _ size: UInt64) -> RPCError {
    reasoned(
      .outOfRange, "\(what) is beyond the log's size \(size)", reason: "BEYOND_LOG_END",
      metadata: ["size": String(size)])
  }
}
