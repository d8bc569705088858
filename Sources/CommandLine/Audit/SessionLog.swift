internal import Domain
internal import DomainProto
internal import LockboxProto
internal import StandardProto
internal import Verification

/// A log as the audit service shows it to whoever is signed in.
struct SessionLog: LogSource {
  let session: Session
  let log: LogOption

  func checkpoint() async throws -> String {
    try await session.call(
      AuditV1.AuditService.getCheckpoint, .init(tenantID: log.id), at: .audit
    ).checkpoint
  }

  func firstIndex(from moment: Timestamp) async throws -> UInt64? {
    try await session.call(
      AuditV1.AuditService.listEntries,
      .init(pageSize: 1, tenantID: log.id, startTime: .init(moment)), at: .audit
    ).entries.first?.index
  }

  func entries(
    from start: UInt64, _ take: ([AuditV1.Entry]) throws -> Bool
  ) async throws {
    try await session.stream(
      AuditV1.AuditService.tailEntries, .init(tenantID: log.id, startIndex: start), at: .audit
    ) { try take($0.entries) }
  }

  func inclusion(of index: UInt64, size: UInt64) async throws -> [[UInt8]] {
    try await session.call(
      AuditV1.AuditService.getInclusionProof,
      .init(tenantID: log.id, index: index, treeSize: size), at: .audit
    ).hashes
  }

  func consistency(from old: UInt64, to new: UInt64) async throws -> [[UInt8]] {
    try await session.call(
      AuditV1.AuditService.getConsistencyProof,
      .init(tenantID: log.id, oldSize: old, newSize: new), at: .audit
    ).hashes
  }

  func evidence(ofGrant id: String) async throws -> ApprovalsV1.GrantEvidence {
    try await session.call(
      ApprovalsV1.GrantService.getGrantEvidence, .init(grantID: id), at: .approvals
    ).evidence ?? .init()
  }
}
