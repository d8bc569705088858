internal import Domain
internal import MerkleLog
internal import RPC
internal import ServiceKit

/// Gives receipts: an entry, its inclusion proof and a signed checkpoint that covers it.
struct Receipts: Sendable {
  let store: any AuditStore
  let arrivals: Arrivals
  let checkpoints: CosignedCheckpoints

  /// An event's receipt, once the event is durable in its log and a checkpoint covers it that has
  /// the cosignatures demanded.
  ///
  /// An event that is not known, or not in this log, is waited for until the task is cancelled.
  func receipt(
    of event: EventID, in log: LogName, cosigned demand: CosignatureDemand? = nil
  ) async throws -> (LogEntry, Receipt) {
    var place: EntryPlace
    repeat {
      place = try await arrivals.place(of: event) {
        let place = try await store.place(of: event)
        // An event of another log stands for nothing here and never will.
        return place?.log == log ? place : nil
      }
    } while place.log != log
    let index = place.index
    let checkpoint = try await checkpoints.checkpoint(
      of: log, covering: index + 1, cosigned: demand)
    return try await store.read(log) { reader in
      guard let entry = try reader.entry(at: index) else {
        throw AuditStoreError.damaged(log, index: index)
      }
      guard entry.droppedLeaf == nil else {
        throw RPCError.reasoned(
          .failedPrecondition, "the event is older than what the log keeps",
          reason: "EVENT_DROPPED")
      }
      let proof = try InclusionProof.make(
        index: index, size: checkpoint.size, nodes: reader.hash(of:))
      let receipt = Receipt(index: index, inclusionProof: proof, checkpoint: checkpoint.note)
      return (entry, receipt)
    }
  }
}
