@testable internal import Domain

/// The people, the request and the times that the tests of the life cycle share.
enum Example {
  static let provider = "https://id.provider.example"
  static let acmeIssuer = "https://id.acme.example"
  static let acme = TenantID("acme")!

  static let start = Timestamp(rfc3339: "2026-11-21T12:00:00Z")!
  static let engineer = Subject(issuer: provider, id: "erin", displayName: "Erin")

  static func manager(_ id: String) -> Person {
    Person(
      subject: Subject(issuer: provider, id: id), affiliation: .provider, groups: ["managers"])
  }

  static func approver(_ id: String, of tenant: TenantID = acme) -> Person {
    Person(
      subject: Subject(issuer: acmeIssuer, id: id), affiliation: .tenant(tenant),
      groups: ["lockbox-approvers"])
  }

  static let digest = Digest([UInt8](repeating: 7, count: 32))!
  static let otherDigest = Digest([UInt8](repeating: 8, count: 32))!
  static let grantID = id(GrantKind.self, 2)

  static func id<Kind>(_: Kind.Type, _ seed: UInt64) -> ID<Kind> {
    var generator = Seeded(state: seed)
    return ID(UUIDv7(at: start, using: &generator))
  }

  static let exchange = Workload("exchange")!
  static let scope = Scope(
    resources: ["mailboxes/alice", "mailboxes/bob"], actions: [.read, .export])

  static func request(
    id seed: UInt64 = 1, tenant: TenantID = acme, workload: String = "exchange",
    engineer: Subject = engineer, reason: ReasonCode = .customerInitiatedSupport,
    severity: Severity? = nil, hasTicket: Bool = true, scope: Scope = scope,
    duration: Duration = .hours(2), extends: GrantID? = nil, isBreakGlass: Bool = false
  ) -> AccessRequest {
    AccessRequest(
      id: id(RequestKind.self, seed), tenant: tenant, workload: Workload(workload)!,
      engineer: engineer, reason: reason, severity: severity, hasTicket: hasTicket,
      scope: scope, duration: duration, receiveTime: start, digest: digest, extends: extends,
      isBreakGlass: isBreakGlass)
  }

  /// What an extension continues.
  static let earlier = ExtendedGrant(
    id: id(GrantKind.self, 3), end: start + .minutes(30), position: 1)

  /// Two manager stages (quorum 2, then 1), then the customer (quorum 1).
  static let snapshot = PolicySnapshot(
    policyVersion: 3, tenantVersion: 5,
    stages: [
      Stage(
        name: "team", side: .provider,
        approvers: Approvers(people: [], groups: ["managers"], quorum: 2), lifetime: .hours(1)),
      Stage(
        name: "duty", side: .provider,
        approvers: Approvers(people: ["dora"], groups: [], quorum: 1), lifetime: .hours(1)),
      Stage(
        name: "customer", side: .customer,
        approvers: Approvers(people: [], groups: ["lockbox-approvers"], quorum: 1),
        lifetime: .hours(12)),
    ],
    longestAccess: .hours(4))

  /// One manager, then the customer.
  static let shortSnapshot = PolicySnapshot(
    policyVersion: 3, tenantVersion: 5,
    stages: [
      Stage(
        name: "team", side: .provider,
        approvers: Approvers(people: [], groups: ["managers"], quorum: 1), lifetime: .hours(1)),
      snapshot.stages[2],
    ],
    longestAccess: .hours(4))

  /// As settings that changed meanwhile would make it.
  static let otherSnapshot = PolicySnapshot(
    policyVersion: 4, tenantVersion: 5, stages: [snapshot.stages[1]], longestAccess: .hours(8))

  static let breakGlassSnapshot = PolicySnapshot(
    policyVersion: 3, tenantVersion: 5, stages: [snapshot.stages[0]],
    longestAccess: .minutes(30),
    breakGlass: .init(contacts: ["security@acme.example"], reviewLifetime: .hours(72)))

  static let grant = Grant(
    id: grantID, scope: request().scope, start: start, end: start + .hours(2))

  static let question = ThreadEntry(
    kind: .question, author: manager("moe").subject, text: "what for?", time: start)

  static func record(
    _ state: RequestState, decisions: [Decision] = [], grant: Grant? = nil
  ) -> RequestRecord {
    RequestRecord(
      request: request(), state: state, snapshot: state == .received ? nil : snapshot,
      decisions: decisions, thread: state == .received ? [] : [question], grant: grant)
  }

  static func decide(
    _ verdict: Verdict, by person: Person, stage: Int, digest: Digest = digest,
    terms: Terms? = nil
  ) -> RequestEvent {
    .decide(
      verdict, stage: stage, by: person, digest: digest, terms: terms, comment: "",
      grantID: grantID)
  }
}

/// Deterministic, so that the same seed gives the same id.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &*= 6_364_136_223_846_793_005
    state &+= 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

/// The outcome of a transition as a value that tables can hold.
enum Outcome: Hashable, Sendable {
  case changed(RequestState.Name)
  case unchanged
  case refused(Refusal)

  init(_ event: RequestEvent, on record: RequestRecord, at now: Timestamp) {
    do throws(Refusal) {
      let transition = try Transition.apply(event, to: record, at: now)
      self = transition.effects.isEmpty ? .unchanged : .changed(transition.record.state.name)
    } catch {
      self = .refused(error)
    }
  }
}
