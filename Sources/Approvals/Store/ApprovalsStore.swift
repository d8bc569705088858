public import Domain

/// What approvals keeps: tenants, policies, requests with their decisions and grants, the feed.
///
/// SQLite is the store; memory is its fake. One conformance suite holds for both.
public protocol ApprovalsStore: Sendable {
  /// Runs `body` alone and keeps what it wrote, all of it or, when it throws, nothing. Returns once
  /// that is durable.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ApprovalsTransaction) throws -> Value
  ) async throws -> Value

  /// Runs `body` on one snapshot of what is durable.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ApprovalsReader) throws -> Value
  ) async throws -> Value

  /// The latest moment that any durable write has seen.
  var timeMark: TimeMark { get }
}

public protocol ApprovalsReader {
  func request(_ id: RequestID) throws -> StoredRequest?
  func request(ofGrant id: GrantID) throws -> StoredRequest?
  func requests(_ query: RequestQuery) throws -> [StoredRequest]
  /// Those that were opened to continue a grant.
  func requests(extending grant: GrantID) throws -> [StoredRequest]
  /// Whether a break-glass access of the tenant's waits for its review beyond its time.
  func hasOverdueReview(of tenant: TenantID, at now: Timestamp) throws -> Bool

  /// The newest settings.
  func tenant(_ id: TenantID) throws -> Versioned<TenantSettings>?
  /// By id, after `id`.
  func tenants(after id: String, limit: Int) throws -> [Versioned<TenantSettings>]
  /// Newest first, those below `version`.
  func tenantVersions(
    of id: TenantID, before version: UInt64, limit: Int
  ) throws -> [Versioned<TenantSettings>]
  func policy(_ workload: Workload) throws -> Versioned<WorkloadPolicy>?
  func policyVersions(
    of workload: Workload, before version: UInt64, limit: Int
  ) throws -> [Versioned<WorkloadPolicy>]
  /// By workload, after `workload`.
  func policies(after workload: String, limit: Int) throws -> [Versioned<WorkloadPolicy>]
  /// Tenants know nothing of one another's keys: the same one may be registered in several.
  func key(_ id: ApproverKeyID, of tenant: TenantID) throws -> ApproverKey?
  /// In the order of their registration.
  func keys(of tenant: TenantID) throws -> [ApproverKey]
  /// By person, those that are over too.
  func absences(of tenant: TenantID) throws -> [Absence]
  /// With whom a subject is linked, as `affiliation` says it.
  func linkedPerson(of subject: Subject, in affiliation: Affiliation) throws -> LinkedPerson?
  /// By id, after `id`.
  func linkedPeople(
    in affiliation: Affiliation, after id: LinkedPersonID?, limit: Int
  ) throws -> [LinkedPerson]
  /// Every key that ever signed access tokens, in the order of their activation.
  func tokenKeys() throws -> [TokenKey]
  /// How far another service's feed is applied.
  func cursor(of feed: String) throws -> UInt64
}

public protocol ApprovalsTransaction: ApprovalsReader {
  /// The moment to decide with.
  var time: TimeMark.Reading { get }

  /// Adds the request, or replaces what may change of it.
  func save(_ request: StoredRequest) throws
  /// Adds a version: earlier ones stay, for the requests that were opened with them.
  func save(_ tenant: Versioned<TenantSettings>) throws
  func save(_ policy: Versioned<WorkloadPolicy>) throws
  /// Adds the key, or replaces what may change of it.
  func save(_ key: ApproverKey) throws
  /// Adds the person, or replaces their subjects; no subject is linked twice in one affiliation.
  func save(_ person: LinkedPerson) throws
  func remove(_ person: LinkedPerson) throws
  /// Adds the key, or replaces its times.
  func save(_ key: TokenKey) throws

  /// Sets the person's absence in place of the one that they had.
  func save(_ absence: Absence) throws
  func removeAbsence(of person: String, in tenant: TenantID) throws

  /// Adds an event to the feed; `event` makes its bytes from its sequence.
  func append(_ event: (UInt64) throws -> [UInt8]) throws

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws
}
