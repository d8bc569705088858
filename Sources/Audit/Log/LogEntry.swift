internal import Domain
internal import MerkleLog

/// Where an event stands.
struct EntryPlace: Hashable, Sendable {
  let log: LogName
  /// 0-based.
  let index: UInt64
}

/// One entry as people and proofs see it.
struct LogEntry: Hashable, Sendable {
  let index: UInt64
  /// Empty where it was dropped.
  let event: [UInt8]
  /// After retention has dropped the event: what is left of it.
  var droppedLeaf: Hash?
}

/// One entry with all that is stored beside it, for the check.
struct StoredEntry: Sendable {
  let index: UInt64
  let event: [UInt8]
  let leaf: Hash
  let id: EventID
  let time: Timestamp
  let request: RequestID?
  let kind: EntryKind?
  var person: String?
  /// Retention has dropped the event: it is empty, and the leaf is what is left.
  var isDropped = false
}

/// A log's newest signed checkpoint.
struct LogCheckpoint: Hashable, Sendable {
  let log: LogName
  let size: UInt64
  /// The signed note.
  let note: String
}

/// How far a log has come, and how far it is signed.
struct LogExtent: Hashable, Sendable {
  let log: LogName
  let size: UInt64
  /// 0 where nothing is signed yet.
  let signedSize: UInt64
}
