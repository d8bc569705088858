internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto

@testable internal import Approvals

/// The people, settings and requests that the tests of approvals share.
enum Sample {
  static let provider = "https://login.provider.test"
  static let contosoIssuer = "https://login.contoso.test"
  static let contoso = TenantID("contoso")!
  static let fabrikam = TenantID("fabrikam")!
  static let mail = Workload("mail")!
  static let engineer = Subject(issuer: provider, id: "erin", displayName: "Erin")

  static func manager(_ id: String) -> Person {
    Person(
      subject: Subject(issuer: provider, id: id, displayName: "M \(id)"), affiliation: .provider,
      groups: ["managers"])
  }

  static func owner(_ id: String) -> Person {
    Person(
      subject: Subject(issuer: contosoIssuer, id: id, displayName: "O \(id)"),
      affiliation: .tenant(contoso), groups: ["owners"])
  }

  /// A manager's stage, then the customer's.
  static func policy(_ workload: Workload = mail, quorum: Int = 1) -> WorkloadPolicy {
    WorkloadPolicy(
      workload: workload,
      stages: [
        .init(
          name: "managers",
          approvers: Approvers(people: ["max"], groups: ["managers"], quorum: quorum),
          lifetime: .hours(2))
      ])
  }

  static func tenant(
    _ tenant: TenantID = contoso, enabled: Bool = true, quorum: Int = 1,
    longestAccess: Duration = .hours(4)
  ) -> TenantSettings {
    TenantSettings(
      tenant: tenant, displayName: "Tenant \(tenant)", lockboxEnabled: enabled,
      requestLifetime: .hours(12), longestAccess: longestAccess,
      approvers: Approvers(people: ["oda"], groups: ["owners"], quorum: quorum),
      contacts: ["security@\(tenant).test", "ops@\(tenant).test"])
  }

  /// A tenant and a policy that let two of the group break the glass.
  static let breakGlassTenant = TenantSettings(
    tenant: contoso, displayName: "Contoso", lockboxEnabled: true, requestLifetime: .hours(12),
    longestAccess: .hours(4),
    approvers: Approvers(people: ["oda"], groups: ["owners"], quorum: 1),
    contacts: ["security@contoso.test", "ops@contoso.test"],
    breakGlass: BreakGlassSettings(reasons: [.customerInitiatedSupport]))

  static let breakGlassPolicy = WorkloadPolicy(
    workload: mail, stages: policy().stages,
    breakGlass: BreakGlassPolicy(
      approvers: Approvers(people: [], groups: ["managers"], quorum: 2)))

  /// Intake's event of a new request, as its feed carries it.
  static func received(
    at time: Timestamp, tenant: TenantID = contoso, engineer: Subject = engineer,
    duration: Duration = .hours(3), id: RequestID? = nil,
    reason: CommonV1.ReasonCode = .customerInitiatedSupport,
    severity: CommonV1.Severity = .unspecified, ticket: String = "T-1", extends: GrantID? = nil,
    isBreakGlass: Bool = false
  ) throws -> EventV1.Event {
    let id = id ?? .make(at: time)
    let bytes = try CommonV1.AccessRequest(
      requestID: id.description, tenantID: tenant.text, workload: mail.text,
      engineer: .init(engineer), reasonCode: reason,
      justification: "ticket\nof two lines", ticket: ticket,
      scope: .init(resources: ["mailboxes/alice", "mailboxes/bob"], actions: [.read, .export]),
      duration: .init(seconds: duration.components.seconds), receiveTime: .init(time),
      severity: severity, extendsGrantID: extends?.description ?? "", breakGlass: isBreakGlass
    ).serialized()
    return EventV1.Event(
      feed: "intake", sequence: 1, eventID: EventID.make(at: time).description,
      time: .init(time), tenantID: tenant.text, requestID: id.description,
      actor: .init(
        subject: .init(engineer), role: "engineer", authentication: .bearerToken),
      payload: .accessRequestReceived(
        .init(accessRequest: bytes, requestDigest: Sha256.digest(bytes))))
  }
}

extension ApprovalsStore {
  /// Makes the usual tenant and policy.
  func prepare(
    _ tenant: TenantSettings = Sample.tenant(), _ policy: WorkloadPolicy = Sample.policy()
  ) async throws {
    try await write { transaction in
      _ = try transaction.apply(tenant, origin: .system())
      _ = try transaction.apply(policy, origin: .system())
    }
  }

  /// Takes a request in, as from intake's feed.
  @discardableResult
  func open(
    at time: Timestamp, tenant: TenantID = Sample.contoso, engineer: Subject = Sample.engineer,
    duration: Duration = .hours(3), extends: GrantID? = nil, isBreakGlass: Bool = false
  ) async throws -> StoredRequest {
    let event = try Sample.received(
      at: time, tenant: tenant, engineer: engineer, duration: duration, extends: extends,
      isBreakGlass: isBreakGlass)
    return try await write { transaction in
      try transaction.applyIntake(event)
      return try transaction.request(RequestID(event.requestID)!)!
    }
  }

  func granted(_ id: GrantID) async throws -> StoredRequest? {
    try await read { try $0.request(ofGrant: id) }
  }

  func apply(_ event: RequestEvent, to id: RequestID) async throws -> StoredRequest {
    try await write { transaction in
      try transaction.apply(
        event, to: try transaction.request(id)!, origin: .system(), comment: "because")
    }
  }

  @discardableResult
  func decide(
    _ stored: StoredRequest, _ verdict: Verdict, stage: Int, by person: Person
  ) async throws -> StoredRequest {
    let id = stored.record.request.id
    return try await apply(
      .decide(
        verdict, stage: stage, by: person, digest: stored.record.request.digest,
        comment: "said\tso", grantID: .make(at: stored.updateTime)), to: id)
  }

  /// Opens a request and lets both sides approve it.
  func grant(at time: Timestamp, engineer: Subject = Sample.engineer) async throws -> StoredRequest
  {
    let opened = try await open(at: time, engineer: engineer)
    try await decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
    return try await decide(opened, .approve, stage: 1, by: Sample.owner("oda"))
  }
}
