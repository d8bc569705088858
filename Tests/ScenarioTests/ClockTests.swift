internal import AccessToken
internal import Approvals
internal import Domain
internal import Intake
internal import LockboxProto
internal import MerkleLog
internal import NIOPosix
internal import RPC
internal import ServiceKit
internal import TLS
internal import TestKit
internal import Testing

extension Scenarios {
  /// Design §4, I3: in this process, where the test owns the clock. Expiry never runs.
  @Suite("Invariants: the clock")
  struct ClockTests {
    final class Bench: Sendable {
      let installation: TestInstallation
      let intake: RunningService
      let lockbox: Lockbox

      init() async throws {
        installation = try await TestInstallation()
        let key = SigningKey.generate()
        try key.save(to: installation.directory.file("token.key"))
        // Each must know where the other is before it starts.
        let host = DeploymentFiles.newHost()
        installation.locate(.intake, at: Address(host: host, port: 7501))
        installation.locate(.approvals, at: Address(host: host, port: 7502))
        intake = try await RunningService(
          .intake, in: installation, section: NoSettings.self,
          flags: [
            "service_listener.address=\(host):7501", "people_listener.address=\(host):7401",
          ]
        ) { bench, _ in try IntakeService.assemble(bench) }
        lockbox = Lockbox(
          cast: Cast(
            provider: installation.provider, customers: ["contoso": installation.contoso],
            at: installation.clock.now()),
          clients: [
            .intake: try installation.client(
              of: Address(host: host, port: 7401), as: nil, expecting: .intake),
            .approvals: try installation.client(
              of: Address(host: host, port: 7402), as: nil, expecting: .approvals),
          ])
        self.host = host
      }

      private let host: String

      func approvals() async throws -> RunningService {
        try await RunningService(
          .approvals, in: installation, section: ApprovalsSettings.self,
          more: "token: {signing_key: token.key, issuer: \"https://a.test\", audience: gate}",
          flags: [
            "service_listener.address=\(host):7502", "people_listener.address=\(host):7402",
          ]
        ) { bench, settings in try await ApprovalsService.assemble(bench, settings) }
      }
    }

    // Break: Domain/Lifecycle/Transition+Approval.swift, `decide`: drop the guard `.requestExpired`;
    // Domain/Time/TimeMark.swift, `observe`: give the clock's time as it is; Storage/Commit/
    // Committer.swift, `commit`: do not write the mark; Approvals/Handlers/ApprovalsHandlers.swift,
    // `decide`: drop `requireSteadyClock`.
    @Test("I3: a late decision has no effect, and a clock that goes back revives nothing")
    func late() async throws {
      let bench = try await Bench()
      let lockbox = bench.lockbox
      let clock = bench.installation.clock
      let approver = lockbox.cast.customer("contoso").approver
      var approvals = try await bench.approvals()
      try await lockbox.prepare([Lockbox.tenant("contoso", lifetime: .hours(2))])
      let record = try await lockbox.managersApprove(
        try await lockbox.open(.init(tenant: "contoso")))
      let deadline = try #require(Timestamp(record.deadline))

      clock.set(deadline)
      let late = try await refusal { try await lockbox.decide(record, by: approver) }
      #expect(late.code == .failedPrecondition && late.reason == "REQUEST_EXPIRED")
      #expect(try await lockbox.record(id: record).state == .expired)

      clock.set(deadline - .hours(1))
      let back = try await refusal { try await lockbox.decide(record, by: approver) }
      #expect(back.reason == "CLOCK_WENT_BACK")
      #expect(try await lockbox.record(id: record).state == .expired)

      // The mark is durable: a restart knows of it.
      try await approvals.stop()
      approvals = try await bench.approvals()
      let again = try await refusal { try await lockbox.decide(record, by: approver) }
      #expect(again.reason == "CLOCK_WENT_BACK")
      #expect(try await lockbox.record(id: record).state == .expired)

      // Within the tolerance the mark decides, not the clock.
      clock.set(deadline - .seconds(1))
      let near = try await refusal { try await lockbox.decide(record, by: approver) }
      #expect(near.reason == "REQUEST_EXPIRED")
      try await approvals.stop()
      try await bench.intake.stop()
    }
  }
}
