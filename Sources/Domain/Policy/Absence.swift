/// When an approver of a tenant is away, and who holds their seat meanwhile.
///
/// Lending multiplies no votes: a seat counts once, whoever speaks for it; a person counts once,
/// whatever they hold; and whoever holds a lent seat cannot lend it on, since only the seat's own
/// absence lends it.
public struct Absence: Hashable, Sendable {
  public let tenant: TenantID
  /// Whoever is away, by `Person.name`.
  public let person: String
  /// Who may decide on the person's seat meanwhile; nil: nobody.
  public let delegate: String?
  public let start: Timestamp
  /// The first moment at which the person is back.
  public let end: Timestamp
  /// Whether the person set it themself; else an admin did.
  public let isOwn: Bool
  public let setBy: Subject
  public let setTime: Timestamp

  public init(
    tenant: TenantID, person: String, delegate: String?, start: Timestamp, end: Timestamp,
    isOwn: Bool, setBy: Subject, setTime: Timestamp
  ) {
    self.tenant = tenant
    self.person = person
    self.delegate = delegate
    self.start = start
    self.end = end
    self.isOwn = isOwn
    self.setBy = setBy
    self.setTime = setTime
  }

  public func isLive(at now: Timestamp) -> Bool { start <= now && now < end }

  /// Whether the delegate holds the seat on this request at all.
  ///
  /// A pending request keeps the people of its snapshot (I10), yet a vacation that begins meanwhile
  /// must not kill it. Whoever lends their own seat could have decided with it, so this gives nobody
  /// a say that the snapshot did not give away already, and it counts at once. An admin's word about
  /// somebody else's seat is a change of who decides, and counts for later requests only.
  func counts(on request: AccessRequest) -> Bool {
    tenant == request.tenant && (isOwn || setTime <= request.receiveTime)
  }

  func lends(to holder: Person, on request: AccessRequest, at now: Timestamp) -> Bool {
    isLive(at: now) && counts(on: request) && holder.affiliation == .tenant(tenant)
      && delegate.map(holder.name.isSame) ?? false && !person.isSame(as: holder.name)
  }

  /// Who can decide for these seats at `now`: the people who are there, and the delegates, who are
  /// there, of those who are not. Each of them has one vote, and there is a seat for each.
  ///
  /// - Parameter request: where it is about one, absences that do not count on it lend nothing.
  static func available(
    for seats: Set<String>, _ absences: [Absence], on request: AccessRequest? = nil,
    at now: Timestamp
  ) -> Set<String> {
    let live = absences.filter { $0.isLive(at: now) }
    let away = Set(live.map(\.person))
    let delegates = live.compactMap { absence -> String? in
      guard seats.contains(absence.person), request.map(absence.counts) ?? true else { return nil }
      return absence.delegate
    }
    return seats.union(delegates).subtracting(away)
  }
}

/// A seat that somebody decides on as its holder's delegate.
public struct LentSeat: Hashable, Sendable {
  /// By `Person.name`.
  public let holder: String
  /// The holder's absence; nil: they have none.
  public let absence: Absence?

  public init(holder: String, absence: Absence?) {
    self.holder = holder
    self.absence = absence
  }
}
