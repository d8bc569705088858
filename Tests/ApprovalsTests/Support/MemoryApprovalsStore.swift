internal import Domain
internal import ServiceKit
internal import StandardProto
internal import Synchronization
internal import TestKit

@testable internal import Approvals

/// The approvals store in memory: each write works on a copy that takes the place of what there was.
final class MemoryApprovalsStore: ApprovalsStore {
  struct State: Sendable {
    var requests: [RequestID: StoredRequest] = [:]
    var tenants: [TenantID: [Versioned<TenantSettings>]] = [:]
    var policies: [Workload: [Versioned<WorkloadPolicy>]] = [:]
    var keys: [TenantID: [ApproverKeyID: ApproverKey]] = [:]
    var absences: [TenantID: [String: Absence]] = [:]
    var people: [LinkedPersonID: LinkedPerson] = [:]
    var tokenKeys: [String: TokenKey] = [:]
    var cursors: [String: UInt64] = [:]
    var feed: [[UInt8]] = []
    var mark = TimeMark()
  }

  private let state = Mutex(State())
  private let clock: FakeClock

  init(clock: FakeClock) {
    self.clock = clock
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ApprovalsTransaction) throws -> Value
  ) async throws -> Value {
    let moment = clock.now()
    return try state.withLock { state in
      var copy = state
      let time = copy.mark.observe(moment)
      let transaction = MemoryApprovalsTransaction(copy, time: time)
      let value = try body(transaction)
      state = transaction.state
      return value
    }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ApprovalsReader) throws -> Value
  ) async throws -> Value {
    var copy = state.withLock { $0 }
    let time = copy.mark.observe(.distantPast)
    return try body(MemoryApprovalsTransaction(copy, time: time))
  }

  var timeMark: TimeMark { state.withLock { $0.mark } }
  var feed: [[UInt8]] { state.withLock { $0.feed } }
}

final class MemoryApprovalsTransaction: ApprovalsTransaction {
  struct Refused: Error {}

  fileprivate(set) var state: MemoryApprovalsStore.State
  let time: TimeMark.Reading

  init(_ state: MemoryApprovalsStore.State, time: TimeMark.Reading) {
    self.state = state
    self.time = time
  }

  func request(_ id: RequestID) throws -> StoredRequest? { state.requests[id] }

  func request(ofGrant id: GrantID) throws -> StoredRequest? {
    state.requests.values.first { $0.record.grant?.id == id }
  }

  func requests(_ query: RequestQuery) throws -> [StoredRequest] {
    let matching = state.requests.values.filter { stored in
      let record = stored.record
      return query.tenant.map { $0 == record.request.tenant } ?? true
        && query.engineer.map { $0 == record.request.engineer } ?? true
        && (query.states.isEmpty || query.states.contains(record.state(at: query.now)))
        && matches(record, query.grants, at: query.now)
        && (!query.onlyOpenReviews || record.review.map { $0.closing == nil } ?? false)
        && query.workload.map { $0 == record.request.workload } ?? true
        && query.receivedFrom.map { RequestID.least(at: $0) <= record.request.id } ?? true
        && query.before.map { record.request.id < $0 } ?? true
    }
    return Array(
      matching.sorted { $0.record.request.id > $1.record.request.id }.prefix(query.limit))
  }

  func requests(extending grant: GrantID) throws -> [StoredRequest] {
    state.requests.values.filter { $0.record.extended?.id == grant }
  }

  func hasOverdueReview(of tenant: TenantID, at now: Timestamp) throws -> Bool {
    state.requests.values.contains { stored in
      stored.record.request.tenant == tenant
        && stored.record.review.map { $0.isOverdue(at: now) } ?? false
    }
  }

  private func matches(
    _ record: RequestRecord, _ grants: RequestQuery.Grants, at now: Timestamp
  ) -> Bool {
    switch grants {
    case .whether: true
    case .given: record.grant != nil
    case .live:
      record.state == .approved && record.grant.map { $0.start <= now && now < $0.end } ?? false
    case .cutShort:
      [.revoked, .ended].contains(record.state) && record.grant.map { now < $0.end } ?? false
    }
  }

  func tenant(_ id: TenantID) throws -> Versioned<TenantSettings>? { state.tenants[id]?.last }

  func tenants(after id: String, limit: Int) throws -> [Versioned<TenantSettings>] {
    let newest = state.tenants.values.compactMap(\.last).filter { $0.value.tenant.text > id }
    return Array(newest.sorted { $0.value.tenant < $1.value.tenant }.prefix(limit))
  }

  func policy(_ workload: Workload) throws -> Versioned<WorkloadPolicy>? {
    state.policies[workload]?.last
  }

  func tenantVersions(
    of id: TenantID, before version: UInt64, limit: Int
  ) throws -> [Versioned<TenantSettings>] {
    Array(
      state.tenants[id, default: []].filter { $0.version < version }.reversed().prefix(limit))
  }

  func policyVersions(
    of workload: Workload, before version: UInt64, limit: Int
  ) throws -> [Versioned<WorkloadPolicy>] {
    Array(
      state.policies[workload, default: []].filter { $0.version < version }.reversed()
        .prefix(limit))
  }

  func policies(after workload: String, limit: Int) throws -> [Versioned<WorkloadPolicy>] {
    let newest = state.policies.values.compactMap(\.last)
      .filter { $0.value.workload.text > workload }
    return Array(newest.sorted { $0.value.workload < $1.value.workload }.prefix(limit))
  }

  func key(_ id: ApproverKeyID, of tenant: TenantID) throws -> ApproverKey? {
    state.keys[tenant]?[id]
  }

  func keys(of tenant: TenantID) throws -> [ApproverKey] {
    (state.keys[tenant] ?? [:]).values.sorted { $0.registerTime < $1.registerTime }
  }

  func save(_ key: ApproverKey) throws { state.keys[key.tenant, default: [:]][key.id] = key }

  func absences(of tenant: TenantID) throws -> [Absence] {
    (state.absences[tenant] ?? [:]).values.sorted { $0.person < $1.person }
  }

  func save(_ absence: Absence) throws {
    state.absences[absence.tenant, default: [:]][absence.person] = absence
  }

  func removeAbsence(of person: String, in tenant: TenantID) throws {
    state.absences[tenant]?[person] = nil
  }

  func cursor(of feed: String) throws -> UInt64 { state.cursors[feed] ?? 0 }

  func save(_ stored: StoredRequest) throws {
    let record = stored.record
    let stages = Dictionary(grouping: record.decisions, by: \.stage).values
    let areDistinct = stages.allSatisfy { decisions in
      Set(decisions.map(\.approver)).count == decisions.count
        && Set(decisions.map(\.seat)).count == decisions.count
    }
    let sharesGrant = state.requests.values.contains { other in
      other.record.request.id != record.request.id
        && record.grant.map { $0.id == other.record.grant?.id } ?? false
    }
    guard areDistinct, !sharesGrant else { throw Refused() }
    state.requests[record.request.id] = stored
  }

  func save(_ tenant: Versioned<TenantSettings>) throws {
    let earlier = state.tenants[tenant.value.tenant, default: []]
    guard !earlier.contains(where: { $0.version == tenant.version }) else { throw Refused() }
    state.tenants[tenant.value.tenant] = earlier + [tenant]
  }

  func save(_ policy: Versioned<WorkloadPolicy>) throws {
    let earlier = state.policies[policy.value.workload, default: []]
    guard !earlier.contains(where: { $0.version == policy.version }) else { throw Refused() }
    state.policies[policy.value.workload] = earlier + [policy]
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    state.feed.append(try event(UInt64(state.feed.count) + 1))
  }

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    guard try cursor(of: feed) == from else { throw Refused() }
    state.cursors[feed] = to
  }
}

extension MemoryApprovalsTransaction {
  func linkedPerson(of subject: Subject, in affiliation: Affiliation) throws -> LinkedPerson? {
    state.people.values.first { $0.affiliation == affiliation && $0.subjects.contains(subject) }
  }

  func linkedPeople(
    in affiliation: Affiliation, after id: LinkedPersonID?, limit: Int
  ) throws -> [LinkedPerson] {
    let people = state.people.values
      .filter { person in person.affiliation == affiliation && id.map { $0 < person.id } ?? true }
    return Array(people.sorted { $0.id < $1.id }.prefix(limit))
  }

  func save(_ person: LinkedPerson) throws {
    let others = state.people.values.filter {
      $0.id != person.id && $0.affiliation == person.affiliation
    }
    guard Set(others.flatMap(\.subjects)).isDisjoint(with: person.subjects) else {
      throw Refused()
    }
    state.people[person.id] = person
  }

  func remove(_ person: LinkedPerson) throws { state.people[person.id] = nil }

  func tokenKeys() throws -> [TokenKey] {
    state.tokenKeys.values.sorted { ($0.activateTime, $0.id) < ($1.activateTime, $1.id) }
  }

  func save(_ key: TokenKey) throws { state.tokenKeys[key.id] = key }
}
