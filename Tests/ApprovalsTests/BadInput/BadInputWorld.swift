internal import Domain
internal import Intake
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Approvals

/// Intake and approvals in this process, with requests and grants in every state that bad input can
/// aim at.
final class BadInputWorld: Sendable {
  struct Targets: Sendable {
    /// Its first stage was not decided in time.
    let late: String
    let waiting: String
    let waitingDigest: [UInt8]
    let denied: String
    let deniedDigest: [UInt8]
    let foreign: String
    let grant: String
    let revokedGrant: String
    let foreignGrant: String
    /// Of nothing.
    let missing: String
  }

  let approvals: ApprovalsFixture
  let intake: RPCClient
  let targets: Targets
  private let intakeService: RunningService

  var intakeAddress: Address { intakeService.addresses.people }

  private init(_ approvals: ApprovalsFixture) async throws {
    self.approvals = approvals
    targets = try await Self.targets(approvals)
    intakeService = try await RunningService(
      .intake, in: approvals.installation, section: NoSettings.self
    ) { workbench, _ in try IntakeService.assemble(workbench) }
    intake = try approvals.installation.client(
      of: intakeService.addresses.people, as: nil, expecting: .intake)
  }

  static func run(_ body: (BadInputWorld) async throws -> Void) async throws {
    try await ApprovalsFixture.run { approvals in
      let world = try await BadInputWorld(approvals)
      do {
        try await world.prepareIntake()
        try await body(world)
      } catch {
        try await world.stop()
        throw error
      }
      try await world.stop()
    }
  }

  private func stop() async throws {
    await intake.shutdown()
    try await intakeService.stop()
  }

  /// A good request, the base of all bad ones.
  static func submission(_ key: String) -> IntakeV1.SubmitAccessRequestRequest {
    .init(
      idempotencyKey: key, tenantID: "contoso", workload: "mail",
      reasonCode: .customerInitiatedSupport, justification: "a ticket", ticket: "T-1",
      scope: .init(resources: ["mailboxes/alice"], actions: [.read]),
      duration: .init(seconds: 7_200))
  }

  func submit(_ request: IntakeV1.SubmitAccessRequestRequest) async throws {
    _ = try await intake.unary(
      IntakeV1.IntakeService.submitAccessRequest, request, options: approvals.engineer())
  }

  /// Waits until intake has heard of the tenant and the policy, with a request that uses a key.
  private func prepareIntake() async throws {
    #expect(
      await eventually {
        do {
          try await self.submit(Self.submission("used"))
          return true
        } catch {
          return false
        }
      })
  }

  private static func targets(_ approvals: ApprovalsFixture) async throws -> Targets {
    let store = approvals.store
    try await store.prepare(Sample.tenant(Sample.fabrikam))
    let late = try await store.open(at: approvals.clock.now())
    approvals.clock.set(try #require(late.record.deadline))
    let now = approvals.clock.now()
    let waiting = try await store.open(at: now)
    let denied = try await store.open(at: now)
    try await store.decide(denied, .deny, stage: 0, by: Sample.manager("mia"))
    let foreign = try await store.open(at: now, tenant: Sample.fabrikam)
    let granted = try await approvals.granted()
    let revoked = try await approvals.granted()
    _ = try await store.apply(.revoke(by: Sample.owner("oda")), to: revoked.record.request.id)
    try await store.prepare(Sample.tenant(Sample.fabrikam, enabled: false))
    let opened = try await store.open(at: now, tenant: Sample.fabrikam)
    let other = try await store.decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
    return Targets(
      late: late.record.request.id.description, waiting: waiting.record.request.id.description,
      waitingDigest: waiting.record.request.digest.bytes,
      denied: denied.record.request.id.description,
      deniedDigest: denied.record.request.digest.bytes,
      foreign: foreign.record.request.id.description,
      grant: try #require(granted.record.grant).id.description,
      revokedGrant: try #require(revoked.record.grant).id.description,
      foreignGrant: try #require(other.record.grant).id.description,
      missing: RequestID.make(at: now).description)
  }
}
