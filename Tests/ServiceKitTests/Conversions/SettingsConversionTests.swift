internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import Testing

@Suite("Settings and proto")
struct SettingsConversionTests {
  private static let mail = Workload("mail")!

  private static let approvers = Approvers(
    people: ["max"], groups: ["g"], roles: ["manager"],
    claims: [ClaimCondition(claim: "mfa", anyOf: ["true", "strong"])], quorum: 2)

  private static let stage = WorkloadPolicy.ProviderStage(
    name: "team", approvers: approvers, lifetime: .hours(2), allowsEarlierApprovers: true,
    escalation: Escalation(
      after: .minutes(5), approvers: Approvers(people: ["mia"], groups: [], quorum: 0)))

  @Test("a policy comes back with every field")
  func policy() throws {
    let policy = WorkloadPolicy(
      workload: Self.mail, stages: [Self.stage], requiresTicket: true,
      rules: [
        PolicyRule(
          name: "one", reasons: [.productionAlert, .securityReview], severities: [.low, .critical],
          requiresTicket: true, stages: [Self.stage], longestAccess: .minutes(30)),
        PolicyRule(name: "two", stages: [], isCustomerAlone: true),
      ])
    let bytes = try policy.message.serialized()
    var violations = Violations()
    let read = WorkloadPolicy(
      try CommonV1.WorkloadPolicy(serialized: bytes), &violations, rules: .production)
    #expect(read == policy && violations.found.isEmpty)
    // The same bytes for the same policy: versions are told apart by value.
    #expect(try read?.message.serialized() == bytes)
  }

  private static let notifications = NotificationSettings(
    recipients: [
      MailRecipient(
        address: "b@acme.test", language: .german, kinds: [.approvalNeeded, .denied],
        workloads: [mail])
    ], detail: .full, language: .german, timeZone: "Europe/Berlin",
    quietHours: QuietHours(start: MinuteOfDay("22:00")!, end: MinuteOfDay("06:30")!),
    digestInterval: .hours(1))

  @Test("settings come back with every field")
  func tenant() throws {
    let settings = TenantSettings(
      tenant: TenantID("acme")!, displayName: "Acme", lockboxEnabled: true,
      enrolledWorkloads: [Self.mail, Workload("files")!], requestLifetime: .hours(12),
      longestAccess: .hours(4), approvers: Approvers(people: ["ana"], groups: [], quorum: 1),
      workloadApprovers: [
        Self.mail: Approvers(
          people: [], groups: ["owners"], roles: ["approver"],
          claims: [ClaimCondition(claim: "site", anyOf: ["hq"])], quorum: 3)
      ], contacts: ["a@acme.test"], requiresSignedDecisions: true, keyWaitingTime: .hours(1),
      notifications: Self.notifications)
    var violations = Violations()
    let read = TenantSettings(
      try CommonV1.TenantSettings(serialized: try settings.message.serialized()), &violations,
      rules: .production)
    #expect(read == settings && violations.found.isEmpty)
  }

  @Test("workloads that are no names, or stand twice, are told by their place")
  func workloads() {
    var violations = Violations()
    let message = CommonV1.TenantSettings(
      tenantID: "acme", enrolledWorkloads: ["mail", "Mail"],
      workloadApprovers: [
        .init(workload: "mail", approvers: .init(people: ["a"], quorum: 1)),
        .init(workload: "mail", approvers: .init(people: ["b"], quorum: 1)), .init(workload: ""),
      ])
    #expect(TenantSettings(message, &violations) == nil)
    #expect(
      violations.found.map(\.field) == [
        "settings.enrolled_workloads[1]", "settings.workload_approvers[1].workload",
        "settings.workload_approvers[2].workload",
      ])
  }

  // The bytes that were stored before there were rules, severities and seats.
  @Test("what was stored before reads as it was meant")
  func before() throws {
    // workload "mail"; stages {name "team", approvers {people "max", groups "g", quorum 2},
    // lifetime 7,200 s}
    let text = "0a046d61696c12170a047465616d120a0a036d617812016718021a0308a038"
    let bytes = stride(from: 0, to: text.count, by: 2).compactMap { index in
      UInt8(text.dropFirst(index).prefix(2), radix: 16)
    }
    var violations = Violations()
    let policy = WorkloadPolicy(
      try CommonV1.WorkloadPolicy(serialized: bytes), &violations, rules: .production)
    #expect(
      policy
        == WorkloadPolicy(
          workload: Self.mail,
          stages: [
            .init(
              name: "team", approvers: Approvers(people: ["max"], groups: ["g"], quorum: 2),
              lifetime: .hours(2))
          ]))
    #expect(try policy?.message.serialized() == bytes)
  }

  @Test("a role of a policy is one that an issuer of the side can give")
  func roles() {
    for side in Side.allCases {
      let roles = Role.allCases.filter { $0.isProviders == (side == .provider) }
      #expect(side.roles == Set(roles.map(\.rawValue)))
    }
  }

  @Test(
    "a ticket is one that says something",
    arguments: [("", false), (" \t", false), ("T-1", true), (" 7 ", true)])
  func ticket(_ ticket: String, hasTicket: Bool) throws {
    let message = CommonV1.AccessRequest(
      requestID: "019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e", tenantID: "acme", workload: "mail",
      engineer: .init(issuer: "https://i", id: "erin"), reasonCode: .securityReview,
      justification: "why", ticket: ticket,
      scope: .init(resources: ["a"], actions: [.read]), duration: .init(seconds: 60),
      receiveTime: .init(seconds: 1), severity: .high)
    let request = try AccessRequest(stored: try message.serialized())
    #expect(request.hasTicket == hasTicket && request.severity == .high)
    var plain = message
    plain.severity = .unspecified
    #expect(try AccessRequest(stored: try plain.serialized()).severity == nil)
    plain.severity = .unrecognized(9)
    #expect(throws: (any Error).self) { try AccessRequest(stored: try plain.serialized()) }
  }
}
