internal import LockboxProto
internal import ProtobufC

/// The entries of a period's evidence as events.
enum EvidenceEntries {
  static func read(_ evidence: PeriodEvidence) throws(EntryFault) -> [LoggedEntry] {
    var sequence = EntrySequence(tenantID: evidence.tenantID, from: evidence.firstIndex)
    var entries: [LoggedEntry] = []
    for entry in evidence.entries {
      entries.append(try sequence.take(index: entry.index, bytes: entry.event))
    }
    return entries
  }
}

extension LoggedEntry {
  /// The request that the entry says was received, from the bytes that its digest is over.
  var request: CommonV1.AccessRequest? {
    guard case .accessRequestReceived(let received) = event.payload else { return nil }
    return try? CommonV1.AccessRequest(serialized: received.accessRequest)
  }
}
