internal import LockboxProto
internal import ProtobufC
internal import StandardProto

/// Every method of every service, with who may call it: the one place where that is said.
///
/// A service does not start when one of its methods has no row here or one of its rows no method.
public enum AuthorizationTable {
  public static let rows: [AuthorizationRow] =
    intake + approvals + grants + enforcement + keys + links + absences + tenants + policies
    + deadlines + expiry + audit + export + notify + feeds + everywhere

  private typealias Intake = IntakeV1.IntakeService
  private typealias Approvals = ApprovalsV1.ApprovalsService
  private typealias Grants = ApprovalsV1.GrantService
  private typealias Keys = ApprovalsV1.ApproverKeyService
  private typealias Absences = ApprovalsV1.AbsenceService
  private typealias Links = ApprovalsV1.SubjectLinkService
  private typealias Tenants = ApprovalsV1.TenantService
  private typealias Policies = ApprovalsV1.PolicyService
  private typealias Deadlines = ApprovalsV1.DeadlineService
  private typealias Expiry = ExpiryV1.ExpiryService
  private typealias Audit = AuditV1.AuditService
  private typealias LogFeed = AuditV1.LogFeedService
  private typealias Export = ExportV1.ExportService
  private typealias Notify = NotifyV1.NotifyService

  private static let intake = [
    people(.intake, Intake.submitAccessRequest, [.engineer], .none),
    people(.intake, Intake.withdrawAccessRequest, [.engineer], .requester),
    people(.intake, Intake.getAccessRequest, [.engineer, .manager, .operator], .requester),
    people(.intake, Intake.listAccessRequests, [.engineer, .manager, .operator], .requester),
    people(.intake, Intake.watchAccessRequest, [.engineer, .manager, .operator], .requester),
  ]

  private static let approvals = [
    people(.approvals, Approvals.getAccessRequest, readers.union([.engineer]), .requester),
    people(.approvals, Approvals.listAccessRequests, readers.union([.engineer]), .requester),
    people(.approvals, Approvals.watchAccessRequests, readers.union([.engineer]), .requester),
    people(.approvals, Approvals.decideAccessRequest, [.manager, .approver], .affiliation),
    people(.approvals, Approvals.askQuestion, [.manager, .approver], .affiliation),
    people(.approvals, Approvals.answerQuestion, [.engineer], .requester),
    people(.approvals, Approvals.revokeGrant, [.approver, .admin], .affiliation),
    people(.approvals, Approvals.closeReview, [.approver, .admin], .affiliation),
  ]

  private static let grants = [
    people(.approvals, Grants.getGrant, readers.union([.engineer]), .requester),
    people(.approvals, Grants.listGrants, readers.union([.engineer]), .requester),
    people(.approvals, Grants.getGrantEvidence, readers.union([.engineer]), .requester),
    people(.approvals, Grants.issueAccessToken, [.engineer], .requester),
    people(.approvals, Grants.returnGrant, [.engineer], .requester),
  ]

  /// What enforcement points live on; whoever may read a grant may ask about its tokens.
  private static let enforcement = [
    either(.approvals, Grants.introspect, [.engineer, .approver, .admin, .auditor], [.gate]),
    either(.approvals, Grants.listSigningKeys, Set(Role.allCases), [.gate]),
    services(.approvals, Grants.watchRevocations, [.gate]),
  ]

  private static let links = [
    people(.approvals, Links.linkSubjects, [.operator, .admin], .affiliation),
    people(.approvals, Links.unlinkSubject, [.operator, .admin], .affiliation),
    people(.approvals, Links.listLinkedPeople, [.operator, .admin, .auditor], .affiliation),
  ]

  private static let keys = [
    people(.approvals, Keys.registerApproverKey, [.approver, .admin], .affiliation),
    people(.approvals, Keys.confirmApproverKey, [.admin], .affiliation),
    people(.approvals, Keys.revokeApproverKey, [.approver, .admin], .affiliation),
    people(.approvals, Keys.listApproverKeys, [.approver, .admin, .auditor], .affiliation),
  ]

  private static let absences = [
    people(.approvals, Absences.setAbsence, [.approver, .admin], .affiliation),
    people(.approvals, Absences.endAbsence, [.approver, .admin], .affiliation),
    people(.approvals, Absences.listAbsences, [.approver, .admin, .auditor], .affiliation),
  ]

  private static let tenants = [
    people(.approvals, Tenants.applyTenant, [.operator, .admin], .affiliation),
    people(
      .approvals, Tenants.getTenant, [.operator, .admin, .approver, .auditor], .affiliation),
    people(.approvals, Tenants.listTenants, [.operator, .admin], .affiliation),
    people(.approvals, Tenants.listTenantVersions, [.operator, .admin], .affiliation),
  ]

  private static let policies = [
    people(.approvals, Policies.applyPolicy, [.operator], .none),
    people(.approvals, Policies.getPolicy, [.operator, .manager], .none),
    people(.approvals, Policies.listPolicies, [.operator, .manager], .none),
    people(.approvals, Policies.listPolicyVersions, [.operator, .manager], .none),
    people(
      .approvals, Policies.simulateAccessRequest, [.operator, .manager, .admin], .affiliation),
    people(.approvals, Policies.replayAccessRequests, [.operator, .manager], .none),
  ]

  private static let deadlines = [
    services(.approvals, Deadlines.expireAccessRequest, [.expiry]),
    services(.approvals, Deadlines.endGrant, [.expiry]),
    services(.approvals, Deadlines.announceStage, [.expiry]),
  ]

  private static let expiry = [
    people(.expiry, Expiry.listDeadlines, [.operator], .none),
    people(.expiry, Expiry.getExpiryStatus, [.operator], .none),
  ]

  private static let audit = [
    people(.audit, Audit.listEntries, logReaders, .log),
    people(.audit, Audit.tailEntries, logReaders, .log),
    people(.audit, Audit.getStatistics, logReaders, .log),
    people(.audit, Audit.getCheckpoint, logReaders, .log),
    people(.audit, Audit.getInclusionProof, logReaders, .log),
    people(.audit, Audit.getConsistencyProof, logReaders, .log),
    services(.audit, Audit.awaitReceipt, [.approvals]),
    services(.audit, LogFeed.subscribeLogs, [.export]),
  ]

  /// Who sends a log elsewhere says who reads it.
  private static let export = [
    people(.export, Export.createDestination, [.admin, .operator], .log),
    people(.export, Export.listDestinations, [.admin, .auditor, .operator], .log),
    people(.export, Export.updateDestination, [.admin, .operator], .log),
    people(.export, Export.rotateDestinationSecret, [.admin, .operator], .log),
    people(.export, Export.deleteDestination, [.admin, .operator], .log),
    people(.export, Export.testDestination, [.admin, .operator], .log),
    people(.export, Export.listDeadLetters, [.admin, .auditor, .operator], .log),
    people(.export, Export.retryDeadLetters, [.admin, .operator], .log),
  ]

  /// Who says where notices go says who reads them.
  private static let notify = [
    people(.notify, Notify.createChannel, [.admin, .operator], .log),
    people(.notify, Notify.listChannels, [.admin, .auditor, .operator], .log),
    people(.notify, Notify.updateChannel, [.admin, .operator], .log),
    people(.notify, Notify.rotateChannelSecret, [.admin, .operator], .log),
    people(.notify, Notify.deleteChannel, [.admin, .operator], .log),
    people(.notify, Notify.testChannel, [.admin, .operator], .log),
    people(.notify, Notify.listNotices, [.admin, .auditor, .operator], .log),
    people(.notify, Notify.retryNotices, [.admin, .operator], .log),
    people(.notify, Notify.previewNotice, [.admin, .auditor, .operator], .log),
  ]

  /// Who consumes whose events.
  private static let feeds = [
    services(.intake, FeedV1.FeedService.subscribe, [.approvals, .audit, .notify]),
    services(.approvals, FeedV1.FeedService.subscribe, [.intake, .expiry, .audit, .notify]),
    services(.expiry, FeedV1.FeedService.subscribe, [.audit]),
    services(.export, FeedV1.FeedService.subscribe, [.audit]),
    services(.notify, FeedV1.FeedService.subscribe, [.audit]),
  ]

  /// Health tells whether a service serves, reflection what is in `proto/`: no secret either.
  private static let everywhere = ServiceName.allCases.flatMap { service in
    GrpcHealthV1.Health.descriptor.methods.map {
      anybody(service, $0, [.people, .service])
    }
      + GrpcReflectionV1.ServerReflection.descriptor.methods.map {
        anybody(service, $0, [.people])
      }
      + GrpcReflectionV1alpha.ServerReflection.descriptor.methods.map {
        anybody(service, $0, [.people])
      }
  }

  /// What service tokens may call, where their scope names it and their roles let them in: reading,
  /// asking, handing back, ending, and settings that are kept as code. Nothing that decides, answers
  /// for somebody, or makes a key or a person count.
  private static let automation: Set<String> = [
    Intake.submitAccessRequest.path, Intake.withdrawAccessRequest.path,
    Intake.getAccessRequest.path, Intake.listAccessRequests.path, Intake.watchAccessRequest.path,
    Approvals.getAccessRequest.path, Approvals.listAccessRequests.path,
    Approvals.watchAccessRequests.path, Approvals.revokeGrant.path,
    Grants.getGrant.path, Grants.listGrants.path, Grants.getGrantEvidence.path,
    Grants.issueAccessToken.path, Grants.returnGrant.path, Grants.introspect.path,
    Grants.listSigningKeys.path, Links.listLinkedPeople.path,
    Keys.listApproverKeys.path, Keys.revokeApproverKey.path, Absences.listAbsences.path,
    Tenants.applyTenant.path, Tenants.getTenant.path, Tenants.listTenants.path,
    Tenants.listTenantVersions.path,
    Policies.applyPolicy.path, Policies.getPolicy.path, Policies.listPolicies.path,
    Policies.listPolicyVersions.path, Policies.simulateAccessRequest.path,
    Policies.replayAccessRequests.path,
    Expiry.listDeadlines.path, Expiry.getExpiryStatus.path,
    Audit.listEntries.path, Audit.tailEntries.path, Audit.getCheckpoint.path,
    Audit.getInclusionProof.path, Audit.getConsistencyProof.path, Audit.getStatistics.path,
    Export.listDestinations.path, Export.listDeadLetters.path,
    Notify.listChannels.path, Notify.listNotices.path, Notify.previewNotice.path,
  ]

  /// Who may read requests at approvals.
  private static let readers: Set<Role> = [.manager, .approver, .admin, .auditor]
  /// Who may read a log.
  private static let logReaders: Set<Role> = [.auditor, .admin, .approver, .operator]

  private static func people<Request, Response>(
    _ service: ServiceName, _ method: Method<Request, Response>, _ roles: Set<Role>,
    _ tenants: TenantRule
  ) -> AuthorizationRow {
    AuthorizationRow(
      service: service, path: method.path, listeners: [.people], callers: .people(roles),
      tenants: tenants, allowsAutomation: automation.contains(method.path),
      isStream: method.kind != .unary)
  }

  private static func services<Request, Response>(
    _ service: ServiceName, _ method: Method<Request, Response>, _ callers: Set<ServiceName>
  ) -> AuthorizationRow {
    AuthorizationRow(
      service: service, path: method.path, listeners: [.service], callers: .services(callers),
      tenants: .none, allowsAutomation: false, isStream: method.kind != .unary)
  }

  private static func either<Request, Response>(
    _ service: ServiceName, _ method: Method<Request, Response>, _ roles: Set<Role>,
    _ callers: Set<ServiceName>
  ) -> AuthorizationRow {
    AuthorizationRow(
      service: service, path: method.path, listeners: [.people, .service],
      callers: .either(roles, callers), tenants: .requester,
      allowsAutomation: automation.contains(method.path), isStream: method.kind != .unary)
  }

  private static func anybody(
    _ service: ServiceName, _ method: MethodDescriptor, _ listeners: Set<ListenerKind>
  ) -> AuthorizationRow {
    AuthorizationRow(
      service: service, path: method.path, listeners: listeners, callers: .anybody,
      tenants: .none, allowsAutomation: false, isStream: method.kind != .unary)
  }
}
