internal import ServiceKit

/// Who may call one method of one service: a person's reading of the design, never of the code's
/// table, which it is held against.
struct WhoMayCall: Sendable, CustomStringConvertible {
  enum Callers: Sendable, Hashable {
    /// People with one of these roles, at the people's door.
    case people(Set<Role>)
    /// These services, at the services' door.
    case services(Set<ServiceName>)
    /// These people at the people's door, these services at the services'.
    case either(Set<Role>, Set<ServiceName>)
    /// Whoever gets through the door, at these.
    case anybody(Set<ListenerKind>)
  }

  let service: ServiceName
  /// `Service/Method`, without the package.
  let method: String
  let callers: Callers

  var description: String { "\(service.rawValue) \(method)" }

  var doors: Set<ListenerKind> {
    switch callers {
    case .people: [.people]
    case .services: [.service]
    case .either: [.people, .service]
    case .anybody(let doors): doors
    }
  }

  func isAbout(_ service: ServiceName, _ path: String) -> Bool {
    self.service == service && (path.hasSuffix(".\(method)") || path == "/\(method)")
  }

  /// What wants a human: no service token may call it, whatever its scope. One line a method.
  static let humansOnly: Set<String> = [
    "ApprovalsService/DecideAccessRequest",
    "ApprovalsService/AskQuestion",
    "ApprovalsService/AnswerQuestion",
    "ApprovalsService/CloseReview",
    "ApproverKeyService/RegisterApproverKey",
    "ApproverKeyService/ConfirmApproverKey",
    "AbsenceService/SetAbsence",
    "AbsenceService/EndAbsence",
    "SubjectLinkService/LinkSubjects",
    "SubjectLinkService/UnlinkSubject",
    "ExportService/CreateDestination",
    "ExportService/UpdateDestination",
    "ExportService/RotateDestinationSecret",
    "ExportService/DeleteDestination",
    "ExportService/TestDestination",
    "ExportService/RetryDeadLetters",
    "NotifyService/CreateChannel",
    "NotifyService/UpdateChannel",
    "NotifyService/RotateChannelSecret",
    "NotifyService/DeleteChannel",
    "NotifyService/TestChannel",
    "NotifyService/RetryNotices",
  ]

  private static func people(
    _ service: ServiceName, _ method: String, _ roles: Role...
  ) -> WhoMayCall {
    WhoMayCall(service: service, method: method, callers: .people(Set(roles)))
  }

  private static func services(
    _ service: ServiceName, _ method: String, _ callers: ServiceName...
  ) -> WhoMayCall {
    WhoMayCall(service: service, method: method, callers: .services(Set(callers)))
  }

  private static func either(
    _ service: ServiceName, _ method: String, _ callers: ServiceName, _ roles: Role...
  ) -> WhoMayCall {
    WhoMayCall(service: service, method: method, callers: .either(Set(roles), [callers]))
  }

  /// One line a method. An admitted caller's own rows may still be none of it: ForeignTests.
  static let rows: [WhoMayCall] =
    [
      people(.intake, "IntakeService/SubmitAccessRequest", .engineer),
      people(.intake, "IntakeService/WithdrawAccessRequest", .engineer),
      people(.intake, "IntakeService/GetAccessRequest", .engineer, .manager, .operator),
      people(.intake, "IntakeService/ListAccessRequests", .engineer, .manager, .operator),
      people(.intake, "IntakeService/WatchAccessRequest", .engineer, .manager, .operator),

      people(
        .approvals, "ApprovalsService/GetAccessRequest", .engineer, .manager, .approver, .admin,
        .auditor),
      people(
        .approvals, "ApprovalsService/ListAccessRequests", .engineer, .manager, .approver, .admin,
        .auditor),
      people(
        .approvals, "ApprovalsService/WatchAccessRequests", .engineer, .manager, .approver, .admin,
        .auditor),
      people(.approvals, "ApprovalsService/DecideAccessRequest", .manager, .approver),
      people(.approvals, "ApprovalsService/AskQuestion", .manager, .approver),
      people(.approvals, "ApprovalsService/AnswerQuestion", .engineer),
      people(.approvals, "ApprovalsService/RevokeGrant", .approver, .admin),
      people(.approvals, "ApprovalsService/CloseReview", .approver, .admin),

      people(
        .approvals, "GrantService/GetGrant", .engineer, .manager, .approver, .admin, .auditor),
      people(
        .approvals, "GrantService/ListGrants", .engineer, .manager, .approver, .admin, .auditor),
      people(
        .approvals, "GrantService/GetGrantEvidence", .engineer, .manager, .approver, .admin,
        .auditor),
      people(.approvals, "GrantService/IssueAccessToken", .engineer),
      people(.approvals, "GrantService/ReturnGrant", .engineer),

      either(
        .approvals, "GrantService/Introspect", .gate, .engineer, .approver, .admin, .auditor),
      either(
        .approvals, "GrantService/ListSigningKeys", .gate, .engineer, .manager, .operator,
        .approver,
        .admin, .auditor),
      services(.approvals, "GrantService/WatchRevocations", .gate),

      people(.approvals, "SubjectLinkService/LinkSubjects", .operator, .admin),
      people(.approvals, "SubjectLinkService/UnlinkSubject", .operator, .admin),
      people(.approvals, "SubjectLinkService/ListLinkedPeople", .operator, .admin, .auditor),

      people(.approvals, "ApproverKeyService/RegisterApproverKey", .approver, .admin),
      people(.approvals, "ApproverKeyService/ConfirmApproverKey", .admin),
      people(.approvals, "ApproverKeyService/RevokeApproverKey", .approver, .admin),
      people(.approvals, "ApproverKeyService/ListApproverKeys", .approver, .admin, .auditor),

      people(.approvals, "AbsenceService/SetAbsence", .approver, .admin),
      people(.approvals, "AbsenceService/EndAbsence", .approver, .admin),
      people(.approvals, "AbsenceService/ListAbsences", .approver, .admin, .auditor),

      people(.approvals, "TenantService/ApplyTenant", .operator, .admin),
      people(.approvals, "TenantService/GetTenant", .operator, .admin, .approver, .auditor),
      people(.approvals, "TenantService/ListTenants", .operator, .admin),
      people(.approvals, "TenantService/ListTenantVersions", .operator, .admin),

      people(.approvals, "PolicyService/ApplyPolicy", .operator),
      people(.approvals, "PolicyService/GetPolicy", .operator, .manager),
      people(.approvals, "PolicyService/ListPolicies", .operator, .manager),
      people(.approvals, "PolicyService/ListPolicyVersions", .operator, .manager),
      people(.approvals, "PolicyService/SimulateAccessRequest", .operator, .manager, .admin),
      people(.approvals, "PolicyService/ReplayAccessRequests", .operator, .manager),

      services(.approvals, "DeadlineService/ExpireAccessRequest", .expiry),
      services(.approvals, "DeadlineService/AnnounceStage", .expiry),
      services(.approvals, "DeadlineService/EndGrant", .expiry),

      people(.expiry, "ExpiryService/ListDeadlines", .operator),
      people(.expiry, "ExpiryService/GetExpiryStatus", .operator),

      people(.audit, "AuditService/ListEntries", .operator, .approver, .admin, .auditor),
      people(.audit, "AuditService/TailEntries", .operator, .approver, .admin, .auditor),
      people(.audit, "AuditService/GetStatistics", .operator, .approver, .admin, .auditor),
      people(.audit, "AuditService/GetCheckpoint", .operator, .approver, .admin, .auditor),
      people(.audit, "AuditService/GetInclusionProof", .operator, .approver, .admin, .auditor),
      people(.audit, "AuditService/GetConsistencyProof", .operator, .approver, .admin, .auditor),
      services(.audit, "AuditService/AwaitReceipt", .approvals),
      services(.audit, "LogFeedService/SubscribeLogs", .export),

      people(.export, "ExportService/CreateDestination", .operator, .admin),
      people(.export, "ExportService/ListDestinations", .operator, .admin, .auditor),
      people(.export, "ExportService/UpdateDestination", .operator, .admin),
      people(.export, "ExportService/RotateDestinationSecret", .operator, .admin),
      people(.export, "ExportService/DeleteDestination", .operator, .admin),
      people(.export, "ExportService/TestDestination", .operator, .admin),
      people(.export, "ExportService/ListDeadLetters", .operator, .admin, .auditor),
      people(.export, "ExportService/RetryDeadLetters", .operator, .admin),

      people(.notify, "NotifyService/CreateChannel", .operator, .admin),
      people(.notify, "NotifyService/ListChannels", .operator, .admin, .auditor),
      people(.notify, "NotifyService/UpdateChannel", .operator, .admin),
      people(.notify, "NotifyService/RotateChannelSecret", .operator, .admin),
      people(.notify, "NotifyService/DeleteChannel", .operator, .admin),
      people(.notify, "NotifyService/TestChannel", .operator, .admin),
      people(.notify, "NotifyService/ListNotices", .operator, .admin, .auditor),
      people(.notify, "NotifyService/RetryNotices", .operator, .admin),
      people(.notify, "NotifyService/PreviewNotice", .operator, .admin, .auditor),

      services(.intake, "FeedService/Subscribe", .approvals, .audit, .notify),
      services(.approvals, "FeedService/Subscribe", .intake, .expiry, .audit, .notify),
      services(.expiry, "FeedService/Subscribe", .audit),
      services(.export, "FeedService/Subscribe", .audit),
      services(.notify, "FeedService/Subscribe", .audit),
    ] + ServiceName.allCases.flatMap(everywhere)

  private static func everywhere(_ service: ServiceName) -> [WhoMayCall] {
    func anybody(_ method: String, _ doors: ListenerKind...) -> WhoMayCall {
      WhoMayCall(service: service, method: method, callers: .anybody(Set(doors)))
    }
    return [
      anybody("grpc.health.v1.Health/Check", .people, .service),
      anybody("grpc.health.v1.Health/List", .people, .service),
      anybody("grpc.health.v1.Health/Watch", .people, .service),
      anybody("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", .people),
      anybody("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", .people),
    ]
  }
}
