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

  public init(from: UInt64 = 0, limit: Int) {
    self.from = from
    self.limit = limit
  }
}

/// What a query found, in rising order of index: a page that goes on after the last index stays
/// right whatever is appended.
public struct EntryList: Sendable, Hashable {
  public var entries: [StoredEntry] = []
  /// Whether `LogQuery.maximumBytes` left entries out that the limit had room for.
  public var isCut = false

  public init() {}
}
