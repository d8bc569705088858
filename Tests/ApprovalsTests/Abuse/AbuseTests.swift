internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

/// What people would try, one test each, named after it: refused, for the reason that the test
/// says, and without an effect. What needs other services, or is tried beside its feature:
///
/// | abuse | test |
/// | --- | --- |
/// | a clock that is set back | ScenarioTests/ClockTests, DecisionTests |
/// | a token while audit is down | GrantTests, InvariantTests (I11) |
/// | a crash between the decision, the log and the grant | ScenarioTests/AbuseTests, CrashTests |
/// | an entry of the log edited | CommandLineTests/AuditTests (changed), AuditTests/LogCheckTests |
/// | an entry deleted, the log truncated | CommandLineTests/AuditTests (broken, shrunk) |
/// | a forked log | CommandLineTests/AuditTests (rewritten), LogStoreTests/TamperTests |
/// | a portal or a service in a person's name, at every method | ScenarioTests/MatrixTests |
/// | self-approval, or two votes, from a second account | LinkTests |
/// | break-glass: too wide, too long, by one alone, unseen | BreakGlassTests, DomainTests' too |
/// | an extension of what is over, or is another's | ExtensionTests, IntakeTests/ExtensionTests |
/// | somebody else's signature or key | SignedDecisionTests |
@Suite("Abuse", .serialized)
struct AbuseTests {
  typealias Approvals = ApprovalsV1.ApprovalsService
  typealias Grants = ApprovalsV1.GrantService
  typealias Tenants = ApprovalsV1.TenantService
  typealias Policies = ApprovalsV1.PolicyService

  /// A provider's person with the manager's role.
  static func manager(
    _ lockbox: ApprovalsFixture, _ name: String, groups: [String], roles: [Role] = [.manager]
  ) -> CallOptions {
    lockbox.installation.bearer(lockbox.installation.provider, name, roles, groups: groups)
  }

  /// The request as it is now.
  static func now(
    _ lockbox: ApprovalsFixture, _ stored: StoredRequest
  ) async throws -> RequestRecord {
    try #require(
      try await lockbox.store.read { try $0.request(stored.record.request.id) }
    ).record
  }

  /// Expects that a decision is refused, and that nothing of it is kept or told.
  static func expectNoVote(
    _ lockbox: ApprovalsFixture, _ stored: StoredRequest, _ verdict: CommonV1.Verdict = .approve,
    stage: UInt32 = 0, as who: CallOptions, _ code: StatusCode = .permissionDenied,
    _ reason: String? = nil, state: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let (before, last) = (try await now(lockbox, stored), lockbox.store.database.feed.last)
    await expectRefusal(code, reason, state: state, sourceLocation: sourceLocation) {
      () async throws(RPCError) in
      try await lockbox.decide(stored, verdict, stage: stage, as: who)
    }
    #expect(try await now(lockbox, stored) == before, sourceLocation: sourceLocation)
    #expect(lockbox.store.database.feed.last == last, sourceLocation: sourceLocation)
  }
}
