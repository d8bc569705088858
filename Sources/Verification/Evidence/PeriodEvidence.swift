public import Domain
public import LockboxProto
public import MerkleLog

/// What shows all that a log holds of a period: a run of its entries, the signed checkpoint whose
/// tree holds them, and the evidence of the grants among them.
public struct PeriodEvidence: Sendable {
  /// Whose log; empty: the provider's own.
  public var tenantID: String
  /// The log's key as whoever exported trusted it. Whoever verifies names the key that they trust.
  public var logKey: NoteVerifier
  public var period: Range<Timestamp>
  /// The index of the first entry.
  public var firstIndex: UInt64
  public var entries: [Entry]
  /// The root of the tree that ends with the last entry.
  public var root: Hash
  /// From that tree to the checkpoint's.
  public var consistency: [Hash]
  /// The newest signed checkpoint, verbatim.
  public var checkpoint: String
  /// A checkpoint that was kept since earlier.
  public var kept: Kept?
  /// Of every grant that the entries approve, in their order.
  public var grants: [ApprovalsV1.GrantEvidence]

  public struct Entry: Hashable, Sendable {
    public let index: UInt64
    /// The leaf.
    public let event: [UInt8]
    /// To `root`.
    public let proof: [Hash]

    public init(index: UInt64, event: [UInt8], proof: [Hash]) {
      self.index = index
      self.event = event
      self.proof = proof
    }
  }

  public struct Kept: Hashable, Sendable {
    public let checkpoint: String
    /// From the kept checkpoint's tree to the newest's.
    public let consistency: [Hash]

    public init(checkpoint: String, consistency: [Hash]) {
      self.checkpoint = checkpoint
      self.consistency = consistency
    }
  }

  public init(
    tenantID: String, logKey: NoteVerifier, period: Range<Timestamp>, firstIndex: UInt64,
    entries: [Entry], root: Hash, consistency: [Hash], checkpoint: String, kept: Kept? = nil,
    grants: [ApprovalsV1.GrantEvidence]
  ) {
    self.tenantID = tenantID
    self.logKey = logKey
    self.period = period
    self.firstIndex = firstIndex
    self.entries = entries
    self.root = root
    self.consistency = consistency
    self.checkpoint = checkpoint
    self.kept = kept
    self.grants = grants
  }

  /// The index after the last entry: the size of the tree that `root` is of.
  public var endIndex: UInt64 { firstIndex + UInt64(entries.count) }
}
