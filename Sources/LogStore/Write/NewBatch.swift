public import MerkleLog

/// An entry to be logged, and what it is found by.
public struct NewEntry: Sendable, Hashable {
  /// The log's name: at most 255 bytes of printable ASCII; may be empty.
  public var log: String
  /// Unique in the store.
  public var id: Key128
  /// Nanoseconds since 1970; need not rise from entry to entry.
  public var time: Int64
  /// What the caller numbers its entries by, to find them.
  public var kind: UInt16
  public var request: Key128?
  /// At most 255 bytes of UTF-8.
  public var person: String?
  /// The leaf, byte for byte; at most `LogStore.largestBody` bytes.
  public var body: [UInt8]

  public init(
    log: String, id: Key128, time: Int64, kind: UInt16 = 0, request: Key128? = nil,
    person: String? = nil, body: [UInt8]
  ) {
    self.log = log
    self.id = id
    self.time = time
    self.kind = kind
    self.request = request
    self.person = person
    self.body = body
  }
}

/// A checkpoint to be kept.
public struct KeptCheckpoint: Sendable, Hashable {
  public var log: String
  public var size: UInt64
  /// The signed note.
  public var note: String

  public init(log: String, size: UInt64, note: String) {
    self.log = log
    self.size = size
    self.note = note
  }
}

/// A feed's cursor that moves with a batch.
public struct CursorMove: Sendable, Hashable {
  /// At most 255 bytes of UTF-8.
  public var feed: String
  /// Where the cursor must stand.
  public var after: UInt64
  /// Where it stands then.
  public var through: UInt64

  public init(feed: String, after: UInt64, through: UInt64) {
    self.feed = feed
    self.after = after
    self.through = through
  }
}

/// Signs a log as a batch leaves it: given its name, size and root, gives the note to be kept with
/// the batch. Called on the writer thread.
public typealias CheckpointSigner = @Sendable (String, UInt64, Hash) -> String?

/// What is to become durable together or not at all.
public struct NewBatch: Sendable {
  public var cursor: CursorMove?
  public var entries: [NewEntry]
  /// Kept where larger than the kept one of their log; others change nothing.
  public var checkpoints: [KeptCheckpoint]
  /// Signs each log that `entries` made grow.
  public var signer: CheckpointSigner?

  public init(
    cursor: CursorMove? = nil, entries: [NewEntry] = [], checkpoints: [KeptCheckpoint] = [],
    signer: CheckpointSigner? = nil
  ) {
    self.cursor = cursor
    self.entries = entries
    self.checkpoints = checkpoints
    self.signer = signer
  }
}
