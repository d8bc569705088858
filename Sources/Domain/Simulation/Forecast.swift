/// What would become of a request that nobody has made, as far as it can be known before anybody
/// decides: the state machine's own word, asked without keeping it.
public struct Forecast: Hashable, Sendable {
  /// Nil: it would be opened.
  public let denial: DenialReason?
  /// Nil: no policy applies.
  public let snapshot: PolicySnapshot?
  public let stages: [StageForecast]
  /// What the engineer could get at most.
  public let terms: Terms

  /// - Parameters:
  ///   - opening: what approvals would make of it.
  ///   - keyHolders: subject ids of the customer's people who have a key that counts.
  public init(
    of request: AccessRequest, opening: RequestEvent, absences: [Absence],
    keyHolders: Set<String>, at now: Timestamp
  ) throws(Refusal) {
    let opened = try Transition.apply(opening, to: RequestRecord(request: request), at: now)
    denial = opened.record.denial
    snapshot = opened.record.snapshot
    terms = opened.record.terms
    var stages: [StageForecast] = []
    var opening = now
    for (index, stage) in (snapshot?.stages ?? []).enumerated() {
      let forecast = StageForecast(
        stage, at: index, of: opened.record, absences: absences, keyHolders: keyHolders,
        now: now, opening: opening)
      stages.append(forecast)
      opening = forecast.latestDeadline
    }
    self.stages = stages
  }
}

/// A stage of a request that nobody has made.
public struct StageForecast: Hashable, Sendable {
  public let stage: Stage
  /// When it would end at the latest: if every stage before it took all of its time.
  public let latestDeadline: Timestamp
  /// The people whom the stage names, and those whom it escalates to.
  public let seats: [Seat]
  /// How many could decide now; nil where groups, roles or claims name people whom only their own
  /// tokens tell of.
  public let available: Int?

  /// Somebody whom a stage names.
  public struct Seat: Hashable, Sendable {
    /// By `Person.name`.
    public let person: String
    public let standing: Standing
    /// Who holds the seat meanwhile.
    public let delegate: String?
    /// Only once the stage escalates.
    public let isEscalation: Bool
  }

  public enum Standing: Int32, Hashable, Sendable {
    case eligible = 1
    case requester = 2
    case away = 3
    /// Only signed decisions count, and the person has no key that does.
    case withoutKey = 4
    /// If their token has the claims that the stage demands.
    case withClaims = 5
  }

  /// Whether the quorum is out of reach, as far as that can be known.
  public var isOutOfReach: Bool {
    available.map { $0 < stage.approvers.quorum } ?? false
  }
}

extension StageForecast {
  fileprivate init(
    _ stage: Stage, at index: Int, of record: RequestRecord, absences: [Absence],
    keyHolders: Set<String>, now: Timestamp, opening: Timestamp
  ) {
    // As if it opened now: who could decide is asked of this moment.
    var open = record
    let deadline = now + stage.lifetime
    open.state =
      switch stage.side {
      case .provider: .awaitingProvider(stage: index, deadline: deadline)
      case .customer: .awaitingCustomer(stage: index, deadline: deadline)
      }
    let named = stage.approvers.people.sorted().map { ($0, false) }
    let more = (stage.escalation?.approvers.people ?? []).subtracting(stage.approvers.people)
    let escalated = more.sorted().map { ($0, true) }
    let escalation = stage.escalationTime(deadline: deadline)
    let seats = (named + escalated).map { name, isEscalation in
      let time = isEscalation ? escalation ?? now : now
      return Seat(
        name, of: open, at: index, absences, keyHolders, isEscalation: isEscalation, at: time)
    }
    let withoutKey = seats.count { seat in
      seat.standing == .withoutKey
        || stage.requiresSignature && seat.delegate.map { !keyHolders.contains($0) } ?? false
    }
    self.stage = stage
    latestDeadline = opening + stage.lifetime
    self.seats = seats
    available = open.available(absences, at: now).map { max(0, $0 - withoutKey) }
  }
}

extension StageForecast.Seat {
  fileprivate init(
    _ name: String, of record: RequestRecord, at index: Int, _ absences: [Absence],
    _ keyHolders: Set<String>, isEscalation: Bool, at now: Timestamp
  ) {
    guard let stage = record.snapshot?.stages[index] else {
      preconditionFailure("a stage without a snapshot")
    }
    let absence =
      stage.side == .customer
      ? absences.first { $0.person.isSame(as: name) && $0.isLive(at: now) } : nil
    person = name
    delegate = absence?.delegate
    self.isEscalation = isEscalation
    if Self.refusal(name, of: record, at: index, stage, now) == .ownRequest {
      standing = .requester
    } else if absence != nil {
      standing = .away
    } else if stage.requiresSignature && !keyHolders.contains(name) {
      standing = .withoutKey
    } else {
      let approvers = isEscalation ? stage.escalation?.approvers : stage.approvers
      standing = approvers?.claims.isEmpty ?? true ? .eligible : .withClaims
    }
  }

  /// What the state machine would say to the person's approval.
  private static func refusal(
    _ name: String, of record: RequestRecord, at index: Int, _ stage: Stage, _ now: Timestamp
  ) -> Refusal? {
    let request = record.request
    let person =
      switch stage.side {
      case .provider:
        Person(
          subject: Subject(issuer: request.engineer.issuer, id: name), affiliation: .provider)
      case .customer:
        Person(subject: Subject(issuer: "", id: name), affiliation: .tenant(request.tenant))
      }
    do throws(Refusal) {
      _ = try Transition.apply(
        .decide(
          .approve, stage: index, by: person, digest: request.digest, comment: "",
          grantID: .make(at: now)), to: record, at: now)
      return nil
    } catch {
      return error
    }
  }
}
