/// What can happen to a request.
public enum RequestEvent: Hashable, Sendable {
  /// Approvals takes the request up; nil: no policy or tenant applies.
  case open(PolicySnapshot?, extending: ExtendedGrant? = nil)
  /// Approvals takes the request up, and a rule denies it at once.
  case refuse(DenialReason)
  /// Somebody decides at a stage, on a seat of their own or a lent one; who approves may narrow the
  /// terms. `grantID` is the grant's id if this is the last word needed. The signature is one that
  /// was found to hold.
  case decide(
    Verdict, stage: Int, by: Person, seat: LentSeat? = nil, digest: Digest, terms: Terms? = nil,
    comment: String, signature: StatementSignature? = nil, grantID: GrantID)
  /// Somebody who may decide asks the engineer; `absences` are those whose delegate they are.
  case ask(String, by: Person, absences: [Absence] = [])
  /// The engineer answers.
  case answer(String, by: Subject)
  /// The engineer takes the request back.
  case withdraw(by: Subject)
  /// Expiry tells that a stage's deadline has come.
  case expire(stage: Int)
  /// Expiry tells that something of a stage may be due to be told; `absences` are the tenant's.
  case announce(stage: Int, absences: [Absence] = [])
  /// The customer ends the grant.
  case revoke(by: Person)
  /// The engineer gives the grant back.
  case returnGrant(by: Subject)
  /// Expiry tells that the grant's window is over.
  case endGrant
  /// The grant that this request continues ended before its time.
  case extendedGrantEnded(GrantEnding)
  /// The customer judges a break-glass access that is over.
  case closeReview(ReviewVerdict, by: Person, comment: String)
}

/// How a grant ends before its time.
public enum GrantEnding: Hashable, Sendable, CaseIterable {
  case revoked
  case returned
}

/// What a transition tells the world: each becomes one event of the feed.
public enum RequestEffect: Hashable, Sendable {
  case opened(PolicySnapshot)
  case stageOpened(stage: Int, deadline: Timestamp)
  case decided(Decision)
  case said(ThreadEntry)
  /// Something of the open stage, told once. `available` could still decide; nil: nobody can tell.
  case announced(StageNotice, stage: Int, deadline: Timestamp, available: Int?)
  case approved(Grant)
  case denied(stage: Int, reason: DenialReason)
  case expired(stage: Int, deadline: Timestamp)
  case withdrawn
  case revoked(Grant)
  case ended(Grant, EndReason)
  /// Somebody asks to break the glass: the contacts hear of it.
  case breakGlassOpened(PolicySnapshot.BreakGlass)
  /// The glass is broken: the contacts hear of it, and the customer reviews it.
  case breakGlassUsed(Grant, BreakGlassReview, PolicySnapshot.BreakGlass)
  case reviewClosed(Grant, BreakGlassReview)
}

public enum EndReason: Int32, Hashable, Sendable, CaseIterable {
  case windowEnded = 1
  case returned = 2
}

extension RequestEvent {
  /// The event with what is known of the person who causes it, where it matters that people are
  /// distinct.
  public func mapPerson<Failure>(
    _ change: (Person) throws(Failure) -> Person
  ) throws(Failure) -> RequestEvent {
    switch self {
    case .decide(
      let verdict, let stage, let person, let seat, let digest, let terms, let comment,
      let signature, let grantID):
      .decide(
        verdict, stage: stage, by: try change(person), seat: seat, digest: digest, terms: terms,
        comment: comment, signature: signature, grantID: grantID)
    case .ask(let text, let person, let absences):
      .ask(text, by: try change(person), absences: absences)
    case .revoke(let person): .revoke(by: try change(person))
    case .closeReview(let verdict, let person, let comment):
      .closeReview(verdict, by: try change(person), comment: comment)
    case .open, .refuse, .answer, .withdraw, .expire, .announce, .returnGrant, .endGrant,
      .extendedGrantEnded:
      self
    }
  }
}
