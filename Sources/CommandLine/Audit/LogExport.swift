internal import Domain
internal import DomainProto
internal import LockboxProto
internal import MerkleLog
internal import StandardProto
internal import Verification
internal import Words

/// Fetches what a log holds of a period, with everything that proves it.
struct LogExport {
  let session: Session
  let log: LogOption
  let key: NoteVerifier
  let period: Range<Timestamp>

  /// - Parameters:
  ///   - isWhole: from the first entry on.
  ///   - kept: an older signed checkpoint, to be shown to be the log's beginning.
  func evidence(isWhole: Bool, since kept: String?) async throws -> PeriodEvidence {
    let note = try await session.call(
      AuditV1.AuditService.getCheckpoint, .init(tenantID: log.id), at: .audit
    ).checkpoint
    let newest = try LogVerification.checkpoint(note, key, what: "the newest checkpoint")
    let first = isWhole ? 0 : try await firstIndex(below: newest.size)
    let end = try await endIndex(from: first, size: newest.size)
    let entries = try await entries(from: first, to: end)
    guard var range = ProvenRange(firstIndex: first, edge: try await edge(first, end)) else {
      throw Failure(.refused, "The proof of entry \(first) has not the form that it must have.")
    }
    for entry in entries { range.append(entry.bytes) }
    var evidence = PeriodEvidence(
      tenantID: log.id, logKey: key, period: period, firstIndex: first, entries: range.entries,
      root: range.root,
      consistency: try await session.consistency(of: log, from: end, to: newest.size),
      checkpoint: note, kept: try await self.kept(kept, newest), grants: [])
    // Before anything is asked because of them.
    if let failure = EvidenceCheck(log: key).checkRange(evidence).firstFailure {
      throw Failure(
        .refused,
        "The log's evidence does not hold, and nothing was written: \(failure.check).",
        details: failure.problem.map { [Printable.line($0)] } ?? [])
    }
    evidence.grants = try await grants(AccessLedger(entries))
    return evidence
  }

  private func kept(
    _ note: String?, _ newest: Checkpoint
  ) async throws -> PeriodEvidence.Kept? {
    guard let note else { return nil }
    let older = try LogVerification.checkpoint(note, key, what: "the older checkpoint")
    guard older.size <= newest.size else {
      throw Failure(
        .refused,
        "The log has \(newest.size) entries and once had \(older.size): entries were taken away.")
    }
    return .init(
      checkpoint: note,
      consistency: try await session.consistency(of: log, from: older.size, to: newest.size))
  }

  /// The complete subtrees before an entry: its proof in the tree that ends with it.
  private func edge(_ first: UInt64, _ end: UInt64) async throws -> [Hash] {
    guard first > 0, first < end else { return [] }
    let response = try await session.call(
      AuditV1.AuditService.getInclusionProof,
      .init(tenantID: log.id, index: first, treeSize: first + 1), at: .audit)
    return try Session.hashes(response.hashes).reversed()
  }

  private func grants(_ ledger: AccessLedger) async throws -> [ApprovalsV1.GrantEvidence] {
    var grants: [ApprovalsV1.GrantEvidence] = []
    for window in ledger.windows where window.grant != nil {
      let response = try await session.call(
        ApprovalsV1.GrantService.getGrantEvidence, .init(grantID: window.grantID), at: .approvals)
      grants.append(response.evidence ?? .init())
    }
    return grants
  }
}
