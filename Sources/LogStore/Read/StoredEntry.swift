public import MerkleLog

/// An entry as it is stored.
public struct StoredEntry: Sendable, Hashable {
  /// In its log, from 0.
  public let index: UInt64
  public let id: Key128
  /// Nanoseconds since 1970.
  public let time: Int64
  public let kind: UInt16
  public let request: Key128?
  public let person: String?
  public let leaf: Hash
  /// Nil after the body was dropped.
  public let body: [UInt8]?
}

extension StoredEntry {
  init(_ item: EntryItem, leaf: Hash) {
    index = item.index
    id = item.id
    time = item.time
    kind = item.kind
    request = item.request
    person = item.person
    self.leaf = leaf
    body =
      switch item.content {
      case .body(let bytes): Array(bytes)
      case .dropped: nil
      }
  }
}

extension LogStore {
  /// For modules that have a `StoredEntry` of their own: the store hides the module's name.
  public typealias Entry = StoredEntry
}

/// What of an entry is known without reading it.
public struct EntrySummary: Sendable, Hashable {
  public let index: UInt64
  /// Nanoseconds since 1970.
  public let time: Int64
  public let kind: UInt16
}

/// Which entries of a log to list.
public struct LogQuery: Sendable {
  /// The first index to look at.
  public var from: UInt64
  public var limit: Int
  /// The bodies' bytes together; the first entry is given whatever its size.
  public var maximumBytes = Int.max
  public var request: Key128?
  public var person: String?
  /// Empty: every kind.
  public var kinds: Set<UInt16> = []
  /// Nanoseconds since 1970.
  public var times: Range<Int64>?
  /// Judges each entry that the rest lets through.
  public var accepts: (@Sendable (StoredEntry) -> Bool)?
  /// Entries given to `accepts` at most: bounds how long a list takes that finds little.
  public var examined = Int.max

  public init(from: UInt64 = 0, limit: Int) {
    self.from = from
    self.limit = limit
  }
}

/// What a query found, in rising order of index: a page that goes on after the last index stays
/// right whatever is appended.
public struct EntryList: Sendable, Hashable {
  public var entries: [StoredEntry] = []
  /// The index to go on from, where `LogQuery.maximumBytes` or `examined` ended the list before its
  /// limit was reached.
  public var next: UInt64?

  public init() {}
}
