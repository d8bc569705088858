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

  public init(
    stage: Int, verdict: Verdict, approver: Subject, comment: String, digest: Digest,
    time: Timestamp
  ) {
    self.stage = stage
    self.verdict = verdict
    self.approver = approver
    self.comment = comment
    self.digest = digest
    self.time = time
  }
}

/// What a fully approved request gives: one engineer, one tenant, one scope, one window (I7).
public struct Grant: Hashable, Sendable {
  public let id: GrantID
  public let start: Timestamp
  /// The first moment at which access is over.
  public let end: Timestamp

  public init(id: GrantID, start: Timestamp, end: Timestamp) {
    self.id = id
    self.start = start
    self.end = end
  }
}
