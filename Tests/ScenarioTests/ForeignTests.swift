internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import SignedStatement
internal import StandardProto
internal import TestKit
internal import Testing

extension Scenarios {
  /// Design §4, I6.
  // Break: ServiceKit/Authorization/Caller.swift, `maySee` or `mayReadLog`: answer true; or any
  // handler's `notFound`: say `denied` for what is another's.
  @Suite("Invariants: whose data")
  struct ForeignTests {
    private typealias Intake = IntakeV1.IntakeService
    private typealias Approvals = ApprovalsV1.ApprovalsService
    private typealias Grants = ApprovalsV1.GrantService
    private typealias Links = ApprovalsV1.SubjectLinkService
    private typealias Keys = ApprovalsV1.ApproverKeyService
    private typealias Tenants = ApprovalsV1.TenantService
    private typealias Policies = ApprovalsV1.PolicyService
    private typealias Audit = AuditV1.AuditService
    private typealias Export = ExportV1.ExportService
    private typealias Notify = NotifyV1.NotifyService
    private static let stranger: @Sendable (Cast) -> Person = { $0.otherEngineer }
    private static let approver: @Sendable (Cast) -> Person = { $0.customer("brief").approver }
    private static let admin: @Sendable (Cast) -> Person = { $0.customer("brief").admin }
    private static let auditor: @Sendable (Cast) -> Person = { $0.customer("brief").auditor }

    /// Every method that takes an id, asked by another engineer or by another tenant's people.
    static let probes: [Probe] = [
      .unary(.intake, Intake.getAccessRequest, stranger) { .init(requestID: $0.request) },
      .unary(.intake, Intake.submitAccessRequest, stranger) {
        Lockbox.Ask(key: "extension", extends: $0.grant).message
      },
      .unary(.intake, Intake.withdrawAccessRequest, stranger) { .init(requestID: $0.request) },
      .stream(.intake, Intake.watchAccessRequest, stranger) { .init(requestID: $0.request) },
      .unary(.intake, Intake.listAccessRequests, stranger) { .init(tenantID: $0.tenant) },
      .unary(.approvals, Approvals.getAccessRequest, approver) { .init(requestID: $0.request) },
      .unary(.approvals, Approvals.decideAccessRequest, approver) {
        .init(requestID: $0.request, verdict: .approve, requestDigest: $0.digest, stage: 1)
      },
      .unary(.approvals, Approvals.decideAccessRequest, approver) {
        .init(
          requestID: $0.own, verdict: .approve, requestDigest: $0.ownDigest, stage: 1,
          signature: signature(with: $0.key))
      },
      .unary(.approvals, Approvals.decideAccessRequest, approver) {
        .init(
          requestID: $0.request, verdict: .approve, requestDigest: $0.digest, stage: 1,
          signature: signature(with: $0.key))
      },
      .unary(.approvals, Approvals.getAccessRequest, stranger) { .init(requestID: $0.request) },
      .unary(.approvals, Approvals.askQuestion, approver) {
        .init(requestID: $0.request, text: "why?")
      },
      .unary(.approvals, Approvals.answerQuestion, stranger) {
        .init(requestID: $0.request, text: "so")
      },
      .unary(.approvals, Approvals.revokeGrant, approver) { .init(grantID: $0.grant) },
      .unary(.approvals, Approvals.closeReview, approver) {
        .init(requestID: $0.request, verdict: .accepted)
      },
      .unary(.approvals, Approvals.listAccessRequests, approver) { .init(tenantID: $0.tenant) },
      .stream(.approvals, Approvals.watchAccessRequests, approver) {
        .init(tenantID: $0.tenant, afterSequence: 1)
      },
      .unary(.approvals, Approvals.listAccessRequests, stranger) { .init(tenantID: $0.tenant) },
      .stream(.approvals, Approvals.watchAccessRequests, stranger) {
        .init(tenantID: $0.tenant, afterSequence: 1)
      },
      .unary(.approvals, Grants.getGrant, approver) { .init(grantID: $0.grant) },
      .unary(.approvals, Grants.getGrant, stranger) { .init(grantID: $0.grant) },
      .unary(.approvals, Grants.getGrantEvidence, approver) { .init(grantID: $0.grant) },
      .unary(.approvals, Grants.getGrantEvidence, stranger) { .init(grantID: $0.grant) },
      .unary(.approvals, Grants.listGrants, approver) { .init(tenantID: $0.tenant) },
      .unary(.approvals, Grants.listGrants, stranger) { .init(tenantID: $0.tenant) },
      .unary(.approvals, Grants.issueAccessToken, stranger) { .init(grantID: $0.grant) },
      .unary(.approvals, Grants.returnGrant, stranger) { .init(grantID: $0.grant) },
      .unary(.approvals, Grants.introspect, approver) { .init(accessToken: $0.token) },
      .unary(.approvals, Grants.introspect, stranger) { .init(accessToken: $0.token) },
      .unary(.approvals, Links.linkSubjects, admin) { ids in
        .init(
          tenantID: ids.tenant,
          subjects: ["a", "b"].map { .init(issuer: "https://id.test", id: $0) })
      },
      .unary(.approvals, Links.unlinkSubject, admin) {
        .init(tenantID: $0.tenant, subject: .init(issuer: "https://id.test", id: "a"))
      },
      .unary(.approvals, Links.listLinkedPeople, admin) { .init(tenantID: $0.tenant) },
      .unary(.approvals, Keys.registerApproverKey, approver) {
        .init(publicKey: Self.key, signature: signature(with: $0.key))
      },
      .unary(.approvals, Keys.confirmApproverKey, admin) { .init(keyID: $0.key) },
      .unary(.approvals, Keys.revokeApproverKey, approver) { .init(keyID: $0.key) },
      .unary(.approvals, Keys.revokeApproverKey, admin) { .init(keyID: $0.key) },
      .unary(.approvals, Tenants.getTenant, admin) { .init(tenantID: $0.tenant) },
      .unary(.approvals, Policies.simulateAccessRequest, admin) {
        .init(
          tenantID: $0.tenant, workload: "exchange", engineer: .init(id: "erin"),
          reasonCode: .productionAlert)
      },
      .unary(.approvals, Tenants.listTenantVersions, admin) { .init(tenantID: $0.tenant) },
      .unary(.approvals, Tenants.applyTenant, admin) {
        .init(settings: Lockbox.tenant($0.tenant, enabled: false))
      },
      .unary(.audit, Audit.listEntries, auditor) {
        .init(tenantID: $0.tenant, requestID: $0.request)
      },
      .stream(.audit, Audit.tailEntries, auditor) { .init(tenantID: $0.tenant) },
      .unary(.audit, Audit.listEntries, auditor) {
        .init(tenantID: $0.tenant, person: "erin", text: "mail")
      },
      .unary(.audit, Audit.getStatistics, auditor) {
        .init(
          tenantID: $0.tenant, startTime: .init(SystemClock().now() - .hours(24)),
          endTime: .init(SystemClock().now()))
      },
      .unary(.audit, Audit.getCheckpoint, auditor) { .init(tenantID: $0.tenant) },
      .unary(.audit, Audit.getInclusionProof, auditor) { .init(tenantID: $0.tenant) },
      .unary(.audit, Audit.getConsistencyProof, auditor) {
        .init(tenantID: $0.tenant, oldSize: 1)
      },
      .unary(.export, Export.createDestination, admin) { ids in
        .init(
          destination: .init(
            destinationID: ids.request, tenantID: ids.tenant, name: "mine",
            target: .syslog(.init(host: "siem.test", format: .cef))))
      },
      .unary(.export, Export.updateDestination, admin) { ids in
        .init(
          destination: .init(
            destinationID: ids.request, tenantID: ids.tenant, name: "mine",
            target: .syslog(.init(host: "siem.test", format: .cef)), version: 1))
      },
      .unary(.export, Export.listDestinations, auditor) { .init(tenantID: $0.tenant) },
      .unary(.export, Export.rotateDestinationSecret, admin) {
        .init(tenantID: $0.tenant, destinationID: $0.request)
      },
      .unary(.export, Export.deleteDestination, admin) {
        .init(tenantID: $0.tenant, destinationID: $0.request)
      },
      .unary(.export, Export.testDestination, admin) {
        .init(tenantID: $0.tenant, destinationID: $0.request)
      },
      .unary(.export, Export.listDeadLetters, auditor) {
        .init(tenantID: $0.tenant, destinationID: $0.request)
      },
      .unary(.export, Export.retryDeadLetters, admin) {
        .init(tenantID: $0.tenant, destinationID: $0.request)
      },
      .unary(.notify, Notify.createChannel, admin) { ids in
        .init(
          channel: .init(
            channelID: ids.request, tenantID: ids.tenant, name: "mine",
            target: .slack(.init(url: "https://hooks.test/x"))))
      },
      .unary(.notify, Notify.updateChannel, admin) { ids in
        .init(
          channel: .init(
            channelID: ids.request, tenantID: ids.tenant, name: "mine",
            target: .slack(.init(url: "https://hooks.test/x")), version: 1))
      },
      .unary(.notify, Notify.listChannels, auditor) { .init(tenantID: $0.tenant) },
      .unary(.notify, Notify.rotateChannelSecret, admin) {
        .init(tenantID: $0.tenant, channelID: $0.request)
      },
      .unary(.notify, Notify.deleteChannel, admin) {
        .init(tenantID: $0.tenant, channelID: $0.request)
      },
      .unary(.notify, Notify.testChannel, admin) {
        .init(tenantID: $0.tenant, channelID: $0.request)
      },
      .unary(.notify, Notify.listNotices, auditor) {
        .init(tenantID: $0.tenant, requestID: $0.request, channelID: $0.request)
      },
      .unary(.notify, Notify.listNotices, auditor) { .init(requestID: $0.request) },
      .unary(.notify, Notify.retryNotices, admin) {
        .init(tenantID: $0.tenant, noticeIds: [$0.request])
      },
      .unary(.notify, Notify.previewNotice, auditor) {
        .init(tenantID: $0.tenant, kind: .approvalNeeded, requestID: $0.request)
      },
      .unary(.notify, Notify.previewNotice, auditor) {
        .init(tenantID: "brief", kind: .approvalNeeded, requestID: $0.request)
      },
    ]

    /// Fields that name something and have no probe, and why.
    static let exempt: [String: String] = [
      "IntakeService/SubmitAccessRequest tenant_id": "the provider's people may ask any tenant",
      "IntakeService/SubmitAccessRequest idempotency_key": "MixingTests",
      "ExportService/ListDestinations page_token": "DestinationServiceTests",
      "ExportService/ListDeadLetters page_token": "DestinationServiceTests",
      "NotifyService/ListChannels page_token": "NotifyServiceTests",
      "NotifyService/ListNotices page_token": "NotifyServiceTests",
      "ApproverKeyService/RegisterApproverKey public_key": "it is the caller's, who proves it",
    ]

    private static let key = ApproverPublicKey(SigningKey.generate().publicKey).der

    private static func signature(with key: [UInt8]) -> CommonV1.StatementSignature {
      .init(
        keyID: key, signTime: .init(SystemClock().now()),
        signature: [UInt8](repeating: 1, count: 64))
    }

    @Test("every field that names something of somebody's has its probe")
    func complete() throws {
      #expect(Served.missing.isEmpty, "add their services to Served")
      let ids = Ids(
        tenant: "t", request: "r", grant: "g", digest: [1], key: [2], token: "k", own: "o",
        ownDigest: [3])
      for method in Served.methodsForPeople {
        let texts = try Self.probes.filter { $0.path == method.path }.map { try $0.text(ids) }
        for field in method.request.namingFields {
          let place = "\(method.path.dropFirst()) \(field)"
          let isProbed = texts.contains { $0.contains("\"\(field.jsonName)\":") }
          let isPage =
            field == "page_token"
            && PageTokenTests.probes.contains { $0.path == method.path }
          let isExempt = Self.exempt.keys.contains { place.hasSuffix($0) }
          #expect(isProbed || isPage || isExempt, "write a probe for \(place)")
        }
      }
    }

    @Test("I6: another's and missing answer alike, to the byte, and nothing changes")
    func foreignAndMissing() async throws {
      let deployment = try await Deployment.running()
      for service in [ServiceName.export, .notify] {
        deployment.start(service)
        try await deployment.ready(service)
      }
      let lockbox = deployment.lockbox
      let granted = try await lockbox.grant(.init())
      let pending = try await lockbox.managersApprove(try await lockbox.open(.init()))
      let own = try await lockbox.open(.init(tenant: "brief"))
      let key = try await lockbox.registerKey(by: lockbox.cast.customer("acme").approver, "acme")
      let before = try await deployment.log(
        of: "acme", with: "stage_opened", of: pending.accessRequest?.requestID ?? "")
      func ids(
        _ tenant: String, _ request: String, _ grant: String, _ digest: [UInt8], _ key: [UInt8],
        _ token: String
      ) -> Ids {
        Ids(
          tenant: tenant, request: request, grant: grant, digest: digest, key: key, token: token,
          own: own.accessRequest?.requestID ?? "", ownDigest: own.requestDigest)
      }
      let grant = granted.grant?.grantID ?? ""
      let token = try await lockbox.token(granted).accessToken
      let foreign = ids(
        "acme", granted.accessRequest?.requestID ?? "", grant, granted.requestDigest, key.keyID,
        token)
      let waiting = ids(
        "acme", pending.accessRequest?.requestID ?? "", grant, pending.requestDigest, key.keyID,
        token)
      let now = SystemClock().now()
      let missing = ids(
        "nobody", RequestID.make(at: now).description, GrantID.make(at: now).description,
        granted.requestDigest, [UInt8](repeating: 7, count: 32), "no.such.token")
      for probe in Self.probes {
        let expected = try await probe.ask(lockbox, missing)
        #expect(try await probe.ask(lockbox, foreign) == expected, "\(probe.testDescription)")
        #expect(try await probe.ask(lockbox, waiting) == expected, "\(probe.testDescription)")
      }
      #expect(try await lockbox.record(id: granted) == granted)
      #expect(try await lockbox.record(id: pending) == pending)
      let keys = try await lockbox.client(.approvals).unary(
        Keys.listApproverKeys, .init(), options: lockbox.cast.customer("acme").auditor.options)
      #expect(keys.keys == [key])
      let after = try await deployment.log(of: "acme")
      #expect(after.entries.map(\.bytes).starts(with: before.entries.map(\.bytes)))
      #expect(after.entries.count { $0.kind == "tenant_applied" } == 1)
    }
  }
}

extension String {
  /// The last part of a field's path, as JSON has it.
  fileprivate var jsonName: String {
    let words = (split(separator: ".").last ?? "").split(separator: "_")
    return words.enumerated().map { index, word in
      index == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }
}
