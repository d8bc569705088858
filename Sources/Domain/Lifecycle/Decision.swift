/// What somebody decides.
public enum Verdict: Int32, Hashable, Sendable, CaseIterable {
  case approve = 1
  case deny = 2
}

/// One person's word at one stage over one request digest.
public struct Decision: Hashable, Sendable {
  /// 0-based index over all stages.
  public let stage: Int
  public let verdict: Verdict
  public let approver: Subject
  public let comment: String
  /// The digest that the person saw (I9).
  public let digest: Digest
  public let time: Timestamp
  /// Of an approval that narrows; nil: it takes the terms as they stood.
  public let terms: Terms?
  /// Nil for a decision that was not signed.
  public let signature: StatementSignature?
  /// Whose seat was decided on, by `Person.name`: each counts once at a stage, and so does each
  /// person.
  public let seat: String
  /// Whether the approver held the seat as its holder's delegate.
  public let isDelegated: Bool

  public init(
    stage: Int, verdict: Verdict, approver: Subject, comment: String, digest: Digest,
    time: Timestamp, terms: Terms? = nil, signature: StatementSignature? = nil,
    seat: String? = nil, isDelegated: Bool = false
  ) {
    self.stage = stage
    self.verdict = verdict
    self.approver = approver
    self.comment = comment
    self.digest = digest
    self.time = time
    self.terms = terms
    self.signature = signature
    self.seat = seat ?? approver.id
    self.isDelegated = isDelegated
  }

  /// Whether `other` says the same, so that it is this decision again.
  func says(_ other: Decision) -> Bool {
    stage == other.stage && verdict == other.verdict && terms == other.terms
      && seat.isSame(as: other.seat)
  }
}

/// What a fully approved request gives: one engineer, one tenant, one scope, one window (I7).
public struct Grant: Hashable, Sendable {
  public let id: GrantID
  public let scope: Scope
  /// The first moment of access; it may lie ahead.
  public let start: Timestamp
  /// The first moment at which access is over.
  public let end: Timestamp

  public init(id: GrantID, scope: Scope, start: Timestamp, end: Timestamp) {
    self.id = id
    self.scope = scope
    self.start = start
    self.end = end
  }
}
