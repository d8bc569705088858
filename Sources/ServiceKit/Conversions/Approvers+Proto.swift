public import Domain
public import LockboxProto

extension Approvers {
  public var message: CommonV1.Approvers {
    CommonV1.Approvers(
      people: people.sorted(), groups: groups.sorted(), quorum: UInt32(clamping: quorum),
      roles: roles.sorted(),
      claims: claims.map { .init(claim: $0.claim, anyOf: $0.anyOf.sorted()) })
  }

  public init(_ message: CommonV1.Approvers?) {
    self.init(
      people: Set(message?.people ?? []), groups: Set(message?.groups ?? []),
      roles: Set(message?.roles ?? []),
      claims: (message?.claims ?? []).map {
        ClaimCondition(claim: $0.claim, anyOf: Set($0.anyOf))
      }, quorum: Int(message?.quorum ?? 0))
  }
}

extension CommonV1.Absence {
  public init(_ absence: Absence) {
    self.init(
      tenantID: absence.tenant.text, person: absence.person, delegate: absence.delegate ?? "",
      startTime: .init(absence.start), endTime: .init(absence.end), setBy: .init(absence.setBy),
      setTime: .init(absence.setTime), own: absence.isOwn)
  }
}

extension Absence {
  /// Reads an absence that was stored; nil for what cannot have been.
  public init?(_ message: CommonV1.Absence) {
    guard let tenant = TenantID(message.tenantID), !message.person.isEmpty,
      let start = Timestamp(message.startTime), let end = Timestamp(message.endTime),
      let setBy = message.setBy, let setTime = Timestamp(message.setTime)
    else { return nil }
    self.init(
      tenant: tenant, person: message.person,
      delegate: message.delegate.isEmpty ? nil : message.delegate, start: start, end: end,
      isOwn: message.own, setBy: Subject(setBy), setTime: setTime)
  }
}
