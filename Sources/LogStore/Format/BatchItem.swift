internal import MerkleLog

/// One of the things that a batch makes durable together.
enum BatchItem {
  /// A log's number within the store, before its first entry.
  case log(number: UInt32, name: String)
  case entry(EntryItem)
  /// How far a feed has been consumed.
  case cursor(feed: String, sequence: UInt64)
  case checkpoint(log: UInt32, size: UInt64, note: String)

  enum Tag: UInt8 {
    case entry = 1
    case log
    case cursor
    case checkpoint
  }
}

/// An entry as it stands in a segment; `body` points into the bytes it was read from.
struct EntryItem {
  var log: UInt32
  var index: UInt64
  var id: Key128
  var time: Int64
  var kind: UInt16
  var request: Key128?
  var person: String?
  var content: Content

  enum Content {
    case body(UnsafeRawBufferPointer)
    /// The body was dropped; the hash of its leaf stays.
    case dropped(Hash)
  }

  var leaf: Hash {
    switch content {
    case .body(let body): Hash.leaf(body)
    case .dropped(let leaf): leaf
    }
  }

  var isDropped: Bool {
    switch content {
    case .body: false
    case .dropped: true
    }
  }

  fileprivate static let hasRequest: UInt8 = 1
  fileprivate static let hasPerson: UInt8 = 2
  fileprivate static let bodyDropped: UInt8 = 4

  func write(to writer: inout ByteWriter) {
    let flags =
      (request == nil ? 0 : Self.hasRequest) | (person == nil ? 0 : Self.hasPerson)
      | (isDropped ? Self.bodyDropped : 0)
    writer.integer(BatchItem.Tag.entry.rawValue)
    writer.integer(flags)
    writer.integer(kind)
    writer.integer(log)
    writer.integer(index)
    writer.integer(time)
    writer.key(id)
    if let request { writer.key(request) }
    if let person { writer.shortText(person) }
    switch content {
    case .body(let body):
      writer.integer(UInt32(body.count))
      writer.bytes.append(contentsOf: body)
    case .dropped(let leaf): writer.hash(leaf)
    }
  }
}

extension BatchItem {
  func write(to writer: inout ByteWriter) {
    switch self {
    case .entry(let entry): entry.write(to: &writer)
    case .log(let number, let name):
      writer.integer(Tag.log.rawValue)
      writer.integer(number)
      writer.shortText(name)
    case .cursor(let feed, let sequence):
      writer.integer(Tag.cursor.rawValue)
      writer.shortText(feed)
      writer.integer(sequence)
    case .checkpoint(let log, let size, let note):
      let bytes = note.utf8
      writer.integer(Tag.checkpoint.rawValue)
      writer.integer(log)
      writer.integer(size)
      writer.integer(UInt32(bytes.count))
      writer.bytes.append(contentsOf: bytes)
    }
  }
}

extension ByteReader {
  /// The next item; nil for what is none.
  mutating func item() -> BatchItem? {
    guard let tag = integer(UInt8.self).flatMap({ BatchItem.Tag(rawValue: $0) }) else {
      return nil
    }
    switch tag {
    case .entry: return entry().map { .entry($0) }
    case .log:
      guard let number = integer(UInt32.self), let name = shortText() else { return nil }
      return .log(number: number, name: name)
    case .cursor:
      guard let feed = shortText(), let sequence = integer(UInt64.self) else { return nil }
      return .cursor(feed: feed, sequence: sequence)
    case .checkpoint:
      guard let log = integer(UInt32.self), let size = integer(UInt64.self),
        let count = integer(UInt32.self), let bytes = take(Int(count)),
        let note = String(validating: bytes, as: UTF8.self)
      else { return nil }
      return .checkpoint(log: log, size: size, note: note)
    }
  }

  private mutating func entry() -> EntryItem? {
    guard let flags = integer(UInt8.self), let kind = integer(UInt16.self),
      let log = integer(UInt32.self), let index = integer(UInt64.self),
      let time = integer(Int64.self), let id = key()
    else { return nil }
    var request: Key128?
    var person: String?
    if flags & EntryItem.hasRequest != 0 {
      request = key()
      guard request != nil else { return nil }
    }
    if flags & EntryItem.hasPerson != 0 {
      person = shortText()
      guard person != nil else { return nil }
    }
    let content: EntryItem.Content
    if flags & EntryItem.bodyDropped != 0 {
      guard let leaf = hash() else { return nil }
      content = .dropped(leaf)
    } else {
      guard let count = integer(UInt32.self), let body = take(Int(count)) else { return nil }
      content = .body(body)
    }
    return EntryItem(
      log: log, index: index, id: id, time: time, kind: kind, request: request, person: person,
      content: content)
  }
}
