/// Why a store did not do what it was asked for.
public enum LogStoreError: Error, Hashable {
  /// The feed stands at another sequence than the batch begins after.
  case cursorElsewhere(feed: String, stored: UInt64, after: UInt64)
  /// The entry's id is in the store already, or twice in its batch.
  case duplicateEntry(Key128)
  /// A value beyond its limits; the batch was refused.
  case invalid(String)
  /// A checkpoint of more entries than its log has.
  case checkpointBeyondLog(log: String, size: UInt64)
  /// The files are not what was written.
  case damaged(LogStoreFault)
  /// The system failed; after this nothing is acknowledged any more.
  case system(SystemFault)
  /// Another process has the store open.
  case inUse(path: String)
  /// The store was closed.
  case closed
  /// The system gives no more threads.
  case noThread(String)
}

extension LogStoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cursorElsewhere(let feed, let stored, let after):
      "the \(feed) feed is logged up to \(stored), not \(after)"
    case .duplicateEntry(let id): "an entry with the id \(id) is logged already"
    case .invalid(let what): what
    case .checkpointBeyondLog(let log, let size):
      "the log \(log) has fewer entries than its checkpoint's \(size)"
    case .damaged(let fault): fault.description
    case .system(let fault): fault.description
    case .inUse(let path): "\(path): another process has this store open"
    case .closed: "the store was closed"
    case .noThread(let reason): reason
    }
  }
}

/// Where an entry stands.
public struct EntryAddress: Hashable, Sendable {
  public let log: String
  /// From 0.
  public let index: UInt64

  public init(log: String, index: UInt64) {
    self.log = log
    self.index = index
  }
}

/// A place where the files are not what was written.
public struct LogStoreFault: Error, Hashable, Sendable {
  /// The path within the store.
  public var file: String
  public var segment: UInt32?
  /// In bytes, where it begins.
  public var offset: UInt64?
  /// The entries that it touches, as far as that can be told.
  public var sequences: ClosedRange<UInt64>?
  public var entry: EntryAddress?
  public var reason: String

  public init(
    file: String, segment: UInt32? = nil, offset: UInt64? = nil,
    sequences: ClosedRange<UInt64>? = nil, entry: EntryAddress? = nil, reason: String
  ) {
    self.file = file
    self.segment = segment
    self.offset = offset
    self.sequences = sequences
    self.entry = entry
    self.reason = reason
  }
}

extension LogStoreFault: CustomStringConvertible {
  public var description: String {
    var place = file
    if let offset { place += " at byte \(offset)" }
    if let sequences {
      place +=
        sequences.count == 1
        ? ", entry \(sequences.lowerBound) of the store"
        : ", entries \(sequences.lowerBound) to \(sequences.upperBound) of the store"
    }
    if let entry { place += ", entry \(entry.index) of the log \"\(entry.log)\"" }
    return "\(place): \(reason)"
  }
}
