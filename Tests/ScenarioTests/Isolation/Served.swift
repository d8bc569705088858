internal import LockboxProto
internal import ProtobufC
internal import ServiceKit

/// The descriptors of what is served. Complete: a test compares it with the authorization table,
/// without whose rows no service starts.
enum Served {
  static let services: [ServiceDescriptor] = [
    IntakeV1.IntakeService.descriptor, ApprovalsV1.ApprovalsService.descriptor,
    ApprovalsV1.GrantService.descriptor, ApprovalsV1.TenantService.descriptor,
    ApprovalsV1.PolicyService.descriptor, ApprovalsV1.ApproverKeyService.descriptor,
    ApprovalsV1.AbsenceService.descriptor, ApprovalsV1.SubjectLinkService.descriptor,
    ApprovalsV1.DeadlineService.descriptor, ExpiryV1.ExpiryService.descriptor,
    AuditV1.AuditService.descriptor, AuditV1.LogFeedService.descriptor,
    FeedV1.FeedService.descriptor, ExportV1.ExportService.descriptor,
    NotifyV1.NotifyService.descriptor,
  ]

  /// Those for people. A service is trusted with what every tenant has.
  static var methodsForPeople: [MethodDescriptor] {
    let paths = Set(
      AuthorizationTable.rows.filter { $0.listeners.contains(.people) }.map(\.path))
    return services.flatMap(\.methods).filter { paths.contains($0.path) }
  }

  /// Paths in the table that no descriptor above has.
  static var missing: [String] {
    let known = Set(services.flatMap(\.methods).map(\.path))
    return AuthorizationTable.rows.map(\.path).filter {
      $0.hasPrefix("/lockbox.") && !known.contains($0)
    }
  }
}
