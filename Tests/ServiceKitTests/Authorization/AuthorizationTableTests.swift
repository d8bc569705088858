internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@Suite("The authorization table")
struct AuthorizationTableTests {
  /// What each service serves, as the proto files have it.
  static let served: [ServiceName: [ServiceDescriptor]] = [
    .intake: [IntakeV1.IntakeService.descriptor, FeedV1.FeedService.descriptor],
    .approvals: [
      ApprovalsV1.ApprovalsService.descriptor, ApprovalsV1.GrantService.descriptor,
      ApprovalsV1.TenantService.descriptor, ApprovalsV1.PolicyService.descriptor,
      ApprovalsV1.ApproverKeyService.descriptor, ApprovalsV1.AbsenceService.descriptor,
      ApprovalsV1.SubjectLinkService.descriptor,
      ApprovalsV1.DeadlineService.descriptor, FeedV1.FeedService.descriptor,
    ],
    .expiry: [ExpiryV1.ExpiryService.descriptor, FeedV1.FeedService.descriptor],
    .audit: [AuditV1.AuditService.descriptor, AuditV1.LogFeedService.descriptor],
    .export: [ExportV1.ExportService.descriptor, FeedV1.FeedService.descriptor],
    .notify: [NotifyV1.NotifyService.descriptor, FeedV1.FeedService.descriptor],
  ]

  static let everywhere: [ServiceDescriptor] = [
    GrpcHealthV1.Health.descriptor, GrpcReflectionV1.ServerReflection.descriptor,
    GrpcReflectionV1alpha.ServerReflection.descriptor,
  ]

  static func paths(of service: ServiceName) -> [String] {
    ((served[service] ?? []) + everywhere).flatMap { $0.methods.map(\.path) }
  }

  @Test("every method of every service has exactly one row", arguments: ServiceName.allCases)
  func oneRow(_ service: ServiceName) {
    for path in Self.paths(of: service) {
      let rows = AuthorizationTable.rows.count { $0.service == service && $0.path == path }
      #expect(rows == 1, "\(path)")
    }
  }

  @Test("every row has its method, a listener and a caller")
  func noStrays() {
    for row in AuthorizationTable.rows {
      #expect(Self.paths(of: row.service).contains(row.path), "\(row.path)")
      #expect(!row.listeners.isEmpty)
      switch row.callers {
      case .anybody: break
      case .people(let roles):
        #expect(!roles.isEmpty && row.listeners == [.people])
      case .either(let roles, let services):
        #expect(!roles.isEmpty && !services.isEmpty && row.listeners == [.people, .service])
      case .services(let services):
        #expect(!services.isEmpty && row.listeners == [.service])
        #expect(!services.contains(row.service), "a service does not call itself")
      }
    }
  }

  @Test("only health and reflection are open to anybody")
  func anybody() {
    let open = Set(Self.everywhere.flatMap { $0.methods.map(\.path) })
    for row in AuthorizationTable.rows {
      #expect((row.callers == .anybody) == open.contains(row.path), "\(row.path)")
    }
  }

  @Test("a method without a row stops the start, a row without a method too")
  func check() throws {
    let rows = AuthorizationTable.rows.filter {
      $0.service == .intake && $0.listeners.contains(.service)
    }
    let paths = rows.map(\.path)
    #expect(
      try AuthorizationTable.rows(of: .intake, on: .service, serving: paths).count == paths.count)
    let more = #expect(throws: StartError.self) {
      try AuthorizationTable.rows(of: .intake, on: .service, serving: paths + ["/new/Method"])
    }
    #expect(more?.sentence.contains("/new/Method has no row") == true)
    let fewer = #expect(throws: StartError.self) {
      try AuthorizationTable.rows(of: .intake, on: .service, serving: Array(paths.dropLast()))
    }
    #expect(fewer?.sentence.contains("has a row but is not served") == true)
  }
}
