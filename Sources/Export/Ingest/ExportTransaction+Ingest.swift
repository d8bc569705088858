internal import Domain
internal import LockboxProto
internal import ServiceKit

/// The name of this service's feed.
let feedName = "export"

/// What export does with audit's entries: keeps each, and makes content blobs of the tenants' ones.
extension ExportTransaction {
  /// Keeps the entries of a batch, makes one blob of each tenant's entries of each type, and moves
  /// the cursor.
  func apply(_ batch: LogBatch) throws {
    var ranges: [BlobKey: ClosedRange<UInt64>] = [:]
    for element in batch.elements {
      var type: ContentType?
      if let tenant = element.tenant, let event = element.event {
        let found = ContentType(of: event)
        let key = BlobKey(tenant: tenant, type: found)
        ranges[key] = (ranges[key]?.lowerBound ?? element.index)...element.index
        type = found
      }
      try add(
        StoredEntry(
          sequence: element.sequence, tenant: element.tenant, index: element.index,
          event: element.bytes), type)
    }
    for (key, range) in ranges {
      // Not within what was listed before: whoever has listed that does not look there again.
      let earliest = max(now, try listedThrough(key.tenant) ?? now)
      try add(
        ContentBlob(
          tenant: key.tenant, type: key.type, first: range.lowerBound, last: range.upperBound,
          created: earliest.roundedUpToMillisecond))
    }
    try moveCursor(from: batch.after, to: batch.last)
  }
}

private struct BlobKey: Hashable {
  let tenant: TenantID
  let type: ContentType
}

extension ContentType {
  /// Where collectors look for it: a decision of the customer's is an Exchange cmdlet's record in
  /// Microsoft 365, all else is of no other type there.
  init(of event: EventV1.Event) {
    self =
      switch event.payload {
      case .decisionRecorded(let it) where it.decision?.side == .customer: .exchange
      default: .general
      }
  }
}

extension Timestamp {
  /// What three digits behind the second can express.
  var roundedUpToMillisecond: Timestamp {
    let rest = nanoseconds % 1_000_000
    guard rest != 0 else { return self }
    return Timestamp(nanoseconds: nanoseconds - rest + (rest > 0 ? 1_000_000 : 0))
  }
}
