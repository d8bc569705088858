internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  /// Design §4, I6.
  // Break: ServiceKit/Authorization/Caller.swift, `maySee` or `mayReadLog`: answer true; or any
  // handler's `notFound`: say `denied` for what is another's.
  @Suite("Invariants: whose data")
  struct ForeignTests {
    /// What a caller gets, to the byte.
    enum Answer: Hashable {
      case message([UInt8])
      case refusal(StatusCode, String, [ErrorDetail])
    }

    /// A method asked once for a thing of somebody else's and once for one that is not.
    struct Probe: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let ask: @Sendable (Lockbox, Ids) async throws -> Answer
    }

    /// Names of one request and what belongs to it.
    struct Ids: Sendable {
      let tenant: String
      let request: String
      let grant: String
      let digest: [UInt8]
    }

    static func unary<Request, Response>(
      _ service: ServiceName, _ method: Method<Request, Response>,
      _ person: @escaping @Sendable (Cast) -> Person,
      _ request: @escaping @Sendable (Ids) -> Request
    ) -> Probe {
      Probe(testDescription: method.path) { lockbox, ids in
        await answer {
          try await lockbox.client(service).unary(
            method, request(ids), options: person(lockbox.cast).options
          ).serialized()
        }
      }
    }

    static func stream<Request, Response>(
      _ service: ServiceName, _ method: Method<Request, Response>,
      _ person: @escaping @Sendable (Cast) -> Person,
      _ request: @escaping @Sendable (Ids) -> Request
    ) -> Probe {
      Probe(testDescription: method.path) { lockbox, ids in
        await answer {
          var options = person(lockbox.cast).options
          options.timeout = .seconds(1)
          let responses = lockbox.client(service).serverStreaming(
            method, request(ids), options: options)
          for try await response in responses { return try response.serialized() }
          return []
        }
      }
    }

    static func answer(_ body: () async throws -> [UInt8]) async -> Answer {
      do {
        return .message(try await body())
      } catch let error as RPCError {
        return .refusal(error.code, error.message, error.details)
      } catch {
        return .refusal(.unknown, "\(error)", [])
      }
    }

    private typealias Intake = IntakeV1.IntakeService
    private typealias Approvals = ApprovalsV1.ApprovalsService
    private typealias Grants = ApprovalsV1.GrantService
    private typealias Tenants = ApprovalsV1.TenantService
    private typealias Links = ApprovalsV1.SubjectLinkService
    private typealias Audit = AuditV1.AuditService
    private static let stranger: @Sendable (Cast) -> Person = { $0.otherEngineer }
    private static let approver: @Sendable (Cast) -> Person = { $0.customer("brief").approver }
    private static let admin: @Sendable (Cast) -> Person = { $0.customer("brief").admin }
    private static let auditor: @Sendable (Cast) -> Person = { $0.customer("brief").auditor }

    /// Every method that takes an id, asked by another engineer or by another tenant's people.
    static let probes: [Probe] = [
      unary(.intake, Intake.getAccessRequest, stranger) { .init(requestID: $0.request) },
      unary(.intake, Intake.withdrawAccessRequest, stranger) { .init(requestID: $0.request) },
      stream(.intake, Intake.watchAccessRequest, stranger) { .init(requestID: $0.request) },
      unary(.intake, Intake.listAccessRequests, stranger) { .init(tenantID: $0.tenant) },
      unary(.approvals, Approvals.getAccessRequest, approver) { .init(requestID: $0.request) },
      unary(.approvals, Approvals.decideAccessRequest, approver) {
        .init(
          requestID: $0.request, verdict: .approve, requestDigest: $0.digest, stage: 1)
      },
      unary(.approvals, Approvals.getAccessRequest, stranger) { .init(requestID: $0.request) },
      unary(.approvals, Approvals.askQuestion, approver) {
        .init(requestID: $0.request, text: "why?")
      },
      unary(.approvals, Approvals.answerQuestion, stranger) {
        .init(requestID: $0.request, text: "so")
      },
      unary(.approvals, Approvals.revokeGrant, approver) { .init(grantID: $0.grant) },
      unary(.approvals, Approvals.closeReview, approver) {
        .init(requestID: $0.request, verdict: .accepted)
      },
      unary(.approvals, Approvals.listAccessRequests, approver) { .init(tenantID: $0.tenant) },
      stream(.approvals, Approvals.watchAccessRequests, approver) {
        .init(tenantID: $0.tenant, afterSequence: 1)
      },
      unary(.approvals, Approvals.listAccessRequests, stranger) { .init(tenantID: $0.tenant) },
      stream(.approvals, Approvals.watchAccessRequests, stranger) {
        .init(tenantID: $0.tenant, afterSequence: 1)
      },
      unary(.approvals, Grants.getGrant, approver) { .init(grantID: $0.grant) },
      unary(.approvals, Grants.getGrant, stranger) { .init(grantID: $0.grant) },
      unary(.approvals, Grants.getGrantEvidence, approver) { .init(grantID: $0.grant) },
      unary(.approvals, Grants.getGrantEvidence, stranger) { .init(grantID: $0.grant) },
      unary(.approvals, Grants.listGrants, approver) { .init(tenantID: $0.tenant) },
      unary(.approvals, Grants.listGrants, stranger) { .init(tenantID: $0.tenant) },
      unary(.approvals, Grants.issueAccessToken, stranger) { .init(grantID: $0.grant) },
      unary(.approvals, Grants.returnGrant, stranger) { .init(grantID: $0.grant) },
      unary(.approvals, Tenants.getTenant, admin) { .init(tenantID: $0.tenant) },
      unary(.approvals, Tenants.listTenantVersions, admin) { .init(tenantID: $0.tenant) },
      unary(.approvals, Tenants.applyTenant, admin) {
        .init(settings: Lockbox.tenant($0.tenant, enabled: false))
      },
      unary(.approvals, Links.linkSubjects, admin) { ids in
        .init(
          tenantID: ids.tenant,
          subjects: ["a", "b"].map { .init(issuer: "https://id.test", id: $0) })
      },
      unary(.approvals, Links.unlinkSubject, admin) {
        .init(tenantID: $0.tenant, subject: .init(issuer: "https://id.test", id: "a"))
      },
      unary(.approvals, Links.listLinkedPeople, admin) { .init(tenantID: $0.tenant) },
      unary(.audit, Audit.listEntries, auditor) {
        .init(tenantID: $0.tenant, requestID: $0.request)
      },
      stream(.audit, Audit.tailEntries, auditor) { .init(tenantID: $0.tenant) },
      unary(.audit, Audit.getCheckpoint, auditor) { .init(tenantID: $0.tenant) },
      unary(.audit, Audit.getInclusionProof, auditor) { .init(tenantID: $0.tenant) },
      unary(.audit, Audit.getConsistencyProof, auditor) {
        .init(tenantID: $0.tenant, oldSize: 1)
      },
    ]

    @Test("I6: another's and missing answer alike, to the byte, and nothing changes")
    func foreignAndMissing() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let granted = try await lockbox.grant(.init())
      let pending = try await lockbox.managersApprove(try await lockbox.open(.init()))
      let before = try await deployment.log(
        of: "acme", with: "stage_opened", of: pending.accessRequest?.requestID ?? "")
      let foreign = Ids(
        tenant: "acme", request: granted.accessRequest?.requestID ?? "",
        grant: granted.grant?.grantID ?? "", digest: granted.requestDigest)
      let waiting = Ids(
        tenant: "acme", request: pending.accessRequest?.requestID ?? "", grant: foreign.grant,
        digest: pending.requestDigest)
      let now = SystemClock().now()
      let missing = Ids(
        tenant: "nobody", request: RequestID.make(at: now).description,
        grant: GrantID.make(at: now).description, digest: granted.requestDigest)
      for probe in Self.probes {
        let expected = try await probe.ask(lockbox, missing)
        #expect(try await probe.ask(lockbox, foreign) == expected, "\(probe.testDescription)")
        #expect(try await probe.ask(lockbox, waiting) == expected, "\(probe.testDescription)")
      }
      #expect(try await lockbox.record(id: granted) == granted)
      #expect(try await lockbox.record(id: pending) == pending)
      let after = try await deployment.log(of: "acme")
      #expect(after.entries.map(\.bytes).starts(with: before.entries.map(\.bytes)))
      #expect(!after.entries.contains { $0.kind == "tenant_applied" && $0.index > 0 })
    }
  }
}
