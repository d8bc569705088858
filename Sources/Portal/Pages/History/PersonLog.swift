internal import Domain
internal import DomainProto
internal import LockboxProto
internal import RPC
internal import StandardProto
internal import Verification

/// A log as the audit service shows it to the person who asks.
struct PersonLog: LogSource {
  let api: PersonAPI
  /// Empty: the provider's own.
  let tenantID: String

  private typealias Service = AuditV1.AuditService

  func checkpoint() async throws -> String {
    try await api.call(Service.getCheckpoint, .init(tenantID: tenantID)).checkpoint
  }

  func firstIndex(from moment: Timestamp) async throws -> UInt64? {
    try await api.call(
      Service.listEntries,
      .init(pageSize: 1, tenantID: tenantID, startTime: .init(moment))
    ).entries.first?.index
  }

  func entries(
    from start: UInt64, _ take: ([AuditV1.Entry]) throws -> Bool
  ) async throws {
    let answers = try api.stream(
      Service.tailEntries, .init(tenantID: tenantID, startIndex: start))
    for try await answer in answers {
      guard try take(answer.entries) else { return }
    }
  }

  func inclusion(of index: UInt64, size: UInt64) async throws -> [[UInt8]] {
    try await api.call(
      Service.getInclusionProof, .init(tenantID: tenantID, index: index, treeSize: size)
    ).hashes
  }

  func consistency(from old: UInt64, to new: UInt64) async throws -> [[UInt8]] {
    try await api.call(
      Service.getConsistencyProof, .init(tenantID: tenantID, oldSize: old, newSize: new)
    ).hashes
  }

  func evidence(ofGrant id: String) async throws -> ApprovalsV1.GrantEvidence {
    try await api.call(ApprovalsV1.GrantService.getGrantEvidence, .init(grantID: id)).evidence
      ?? .init()
  }

  /// Entries `range` of the log, newest first.
  func page(_ range: Range<UInt64>) async throws -> [AuditV1.Entry] {
    guard !range.isEmpty else { return [] }
    var entries: [AuditV1.Entry] = []
    try await self.entries(from: range.lowerBound) { more in
      entries += more.filter { range.contains($0.index) }
      return (entries.last?.index ?? 0) + 1 < range.upperBound
    }
    return entries.reversed()
  }
}
