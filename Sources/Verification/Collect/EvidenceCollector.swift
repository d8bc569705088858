public import Domain
internal import LockboxProto
public import MerkleLog
internal import Words

/// Fetches what a log holds of a period, with everything that proves it.
public struct EvidenceCollector: Sendable {
  let source: any LogSource
  let tenantID: String
  private let key: NoteVerifier
  let period: Range<Timestamp>
  private let mostEntries: UInt64

  /// - Parameters:
  ///   - tenantID: whose log; empty: the provider's own.
  ///   - key: the log's.
  ///   - mostEntries: of a period with more there is no evidence.
  public init(
    _ source: any LogSource, of tenantID: String, key: NoteVerifier, period: Range<Timestamp>,
    mostEntries: UInt64 = .max
  ) {
    self.source = source
    self.tenantID = tenantID
    self.key = key
    self.period = period
    self.mostEntries = mostEntries
  }

  /// - Parameters:
  ///   - isWhole: from the first entry on.
  ///   - kept: an older signed checkpoint, to be shown to be the log's beginning.
  /// - Throws: `LogFault` where an answer does not hold, `PeriodTooLong`, and what the source throws.
  public func evidence(isWhole: Bool, since kept: String?) async throws -> PeriodEvidence {
    let note = try await source.checkpoint()
    let newest = try checkpoint(note, "the newest checkpoint")
    let first = isWhole ? 0 : try await firstIndex(below: newest.size)
    let end = try await endIndex(from: first, size: newest.size)
    guard end - min(first, end) <= mostEntries else {
      throw PeriodTooLong(entries: end - first)
    }
    let entries = try await entries(from: first, to: end)
    guard var range = ProvenRange(firstIndex: first, edge: try await edge(first, end)) else {
      throw LogFault("The proof of entry \(first) has not the form that it must have.")
    }
    for entry in entries { range.append(entry.bytes) }
    var evidence = PeriodEvidence(
      tenantID: tenantID, logKey: key, period: period, firstIndex: first, entries: range.entries,
      root: range.root,
      consistency: try await source.consistencyProof(from: end, to: newest.size),
      checkpoint: note, kept: try await self.kept(kept, newest), grants: [])
    // Before anything is asked because of them.
    if let failure = EvidenceCheck(log: key).checkRange(evidence).firstFailure {
      throw LogFault(
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
    let older = try checkpoint(note, "the older checkpoint")
    guard older.size <= newest.size else {
      throw LogFault(
        "The log has \(newest.size) entries and once had \(older.size): entries were taken away.")
    }
    return .init(
      checkpoint: note,
      consistency: try await source.consistencyProof(from: older.size, to: newest.size))
  }

  /// The complete subtrees before an entry: its proof in the tree that ends with it.
  private func edge(_ first: UInt64, _ end: UInt64) async throws -> [Hash] {
    guard first > 0, first < end else { return [] }
    return try await source.inclusionProof(of: first, size: first + 1).reversed()
  }

  private func grants(_ ledger: AccessLedger) async throws -> [ApprovalsV1.GrantEvidence] {
    var grants: [ApprovalsV1.GrantEvidence] = []
    for window in ledger.windows where window.grant != nil {
      grants.append(try await source.evidence(ofGrant: window.grantID))
    }
    return grants
  }

  private func checkpoint(_ note: String, _ what: String) throws(LogFault) -> Checkpoint {
    do {
      return try Checkpoint(verifying: note, origin: key.name, verifiers: [key])
    } catch {
      throw LogFault("\(what): \(error).")
    }
  }
}

/// A period has more entries than were wanted.
public struct PeriodTooLong: Error, Hashable, Sendable {
  public let entries: UInt64
}
