internal import EvidenceSamples
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import StandardProto

@testable internal import CommandLine

/// The audit and approvals services over a sample log: honest, or lying as a test says.
struct AuditServer: Transport {
  var log: SampleLog
  /// The checkpoint that it answers with; nil: the newest.
  var checkpoint: String?
  /// What becomes of the entries that it hands out.
  var entries: @Sendable ([AuditV1.Entry]) -> [AuditV1.Entry] = { $0 }
  /// What becomes of its proofs' hashes.
  var proof: @Sendable ([Hash]) -> [Hash] = { $0 }
  var grant: @Sendable (ApprovalsV1.GrantEvidence) -> ApprovalsV1.GrantEvidence = { $0 }

  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server
  ) async throws(RPCError) -> Response {
    do {
      return try Response(serialized: try answer(method.path, try request.serialized()))
    } catch let error as RPCError {
      throw error
    } catch {
      throw RPCError(.internal, "\(error)")
    }
  }

  private func answer(_ path: String, _ request: [UInt8]) throws -> [UInt8] {
    switch path {
    case AuditV1.AuditService.getCheckpoint.path:
      return try AuditV1.GetCheckpointResponse(checkpoint: checkpoint ?? log.checkpoint())
        .serialized()
    case AuditV1.AuditService.listEntries.path:
      return try list(try .init(serialized: request)).serialized()
    case AuditV1.AuditService.getInclusionProof.path:
      let asked = try AuditV1.GetInclusionProofRequest(serialized: request)
      let hashes = proof(log.inclusion(asked.index, at: asked.treeSize))
      return try AuditV1.GetInclusionProofResponse(
        treeSize: asked.treeSize, hashes: hashes.map(\.bytes)
      ).serialized()
    case AuditV1.AuditService.getConsistencyProof.path:
      let asked = try AuditV1.GetConsistencyProofRequest(serialized: request)
      guard asked.newSize <= log.size, asked.oldSize <= asked.newSize else {
        throw RPCError(.outOfRange, "beyond the log")
      }
      let hashes = proof(log.consistency(from: asked.oldSize, to: asked.newSize))
      return try AuditV1.GetConsistencyProofResponse(
        newSize: asked.newSize, hashes: hashes.map(\.bytes)
      ).serialized()
    case ApprovalsV1.GrantService.getGrantEvidence.path:
      let asked = try ApprovalsV1.GetGrantEvidenceRequest(serialized: request)
      guard let found = log.grants.first(where: { $0.id == asked.grantID }) else {
        throw RPCError(.notFound, "grant")
      }
      return try ApprovalsV1.GetGrantEvidenceResponse(evidence: grant(log.evidence(of: found)))
        .serialized()
    default: throw RPCError(.unimplemented, path)
    }
  }

  /// All entries as this server shows them.
  private var shown: [AuditV1.Entry] {
    entries(log.entries.enumerated().map { .init(index: UInt64($0.offset), event: $0.element) })
  }

  private func list(_ asked: AuditV1.ListEntriesRequest) throws -> AuditV1.ListEntriesResponse {
    let start = Int(asked.pageToken) ?? 0
    let wanted = shown.dropFirst(start).filter { entry in
      guard let from = asked.startTime?.nanosecondsSinceEpoch else { return true }
      let time = (try? EventV1.Event(serialized: entry.event))?.time?.nanosecondsSinceEpoch
      return time.map { $0 >= from } ?? true
    }
    let page = wanted.prefix(Int(asked.pageSize))
    let isLast = page.count == wanted.count || asked.startTime != nil
    return .init(entries: Array(page), nextPageToken: isLast ? "" : "\(start + page.count)")
  }

  func stream<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server,
    _ body: (Response) async throws -> Bool
  ) async throws {
    let asked = try AuditV1.TailEntriesRequest(serialized: try request.serialized())
    let rest = shown.drop { $0.index < asked.startIndex }
    for start in stride(from: rest.startIndex, to: rest.endIndex, by: 16) {
      let message = AuditV1.TailEntriesResponse(
        entries: Array(rest[start..<min(start + 16, rest.endIndex)]))
      guard try await body(try Response(serialized: try message.serialized())) else { return }
    }
  }

  func close() async {}
}
