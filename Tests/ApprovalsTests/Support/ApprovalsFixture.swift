internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Approvals

/// The approvals service in this process, called over TLS and HTTP/2; audit is a fake.
final class ApprovalsFixture: Sendable {
  typealias API = ApprovalsV1.ApprovalsService
  typealias Grants = ApprovalsV1.GrantService

  let installation: TestInstallation
  let store: SQLiteApprovalsStore
  let receipts: FakeReceipts
  let people: RPCClient
  /// Expiry's client of the service listener.
  let expiry: RPCClient
  /// An enforcement point's.
  let gate: RPCClient
  let service: RunningService

  var clock: FakeClock { installation.clock }

  private init() async throws {
    let installation = try await TestInstallation()
    let receipts = FakeReceipts()
    let key = installation.directory.file("token.key")
    try SigningKey.generate().save(to: key)
    let (stores, found) = AsyncStream.makeStream(of: SQLiteApprovalsStore.self)
    service = try await RunningService(
      .approvals, in: installation, section: ApprovalsSettings.self,
      more: """
        token:
          signing_key: \(key)
          next_signing_key: \(key).next
          issuer: "https://approvals.test"
          audience: content
        """
    ) { workbench, settings in
      let store = try ApprovalsService.openStore(workbench)
      found.yield(store)
      return try await ApprovalsService.assemble(
        workbench, settings, store: store, receipts: receipts)
    }
    var iterator = stores.makeAsyncIterator()
    store = try #require(await iterator.next())
    self.installation = installation
    self.receipts = receipts
    people = try installation.client(
      of: service.addresses.people, as: nil, expecting: .approvals)
    expiry = try installation.client(
      of: service.addresses.service, as: .expiry, expecting: .approvals)
    gate = try installation.client(
      of: service.addresses.service, as: .gate, expecting: .approvals)
  }

  /// Runs a test against a service of its own with the usual settings, and stops it.
  static func run(
    _ tenant: TenantSettings = Sample.tenant(), _ policy: WorkloadPolicy = Sample.policy(),
    _ body: (ApprovalsFixture) async throws -> Void
  ) async throws {
    let fixture = try await ApprovalsFixture()
    do {
      try await fixture.store.prepare(tenant, policy)
      try await body(fixture)
    } catch {
      try await fixture.stop()
      throw error
    }
    try await fixture.stop()
  }

  private func stop() async throws {
    await people.shutdown()
    await expiry.shutdown()
    await gate.shutdown()
    try await service.stop()
  }

  // MARK: - People

  func manager(_ name: String = "mia", claims: [String: Json] = [:]) -> CallOptions {
    installation.bearer(
      installation.provider, name, [.manager], groups: ["managers"], claims: claims)
  }

  func owner(_ name: String = "oda", groups: [String] = ["owners"]) -> CallOptions {
    installation.bearer(installation.contoso, name, [.approver], groups: groups)
  }

  func admin(_ name: String = "ada") -> CallOptions {
    installation.bearer(installation.contoso, name, [.admin])
  }

  func operatorOptions() -> CallOptions {
    installation.bearer(installation.provider, "otto", [.operator])
  }

  func engineer(_ name: String = "erin") -> CallOptions {
    installation.bearer(installation.provider, name, [.engineer])
  }

  // MARK: - Calls

  func decide(
    _ stored: StoredRequest, _ verdict: CommonV1.Verdict, stage: UInt32, as who: CallOptions,
    digest: [UInt8]? = nil, comment: String = "", terms: CommonV1.Terms? = nil,
    signature: CommonV1.StatementSignature? = nil, onBehalfOf: String = ""
  ) async throws(RPCError) -> ApprovalsV1.AccessRequestRecord {
    let response = try await people.unary(
      API.decideAccessRequest,
      .init(
        requestID: stored.record.request.id.description, verdict: verdict, comment: comment,
        requestDigest: digest ?? stored.record.request.digest.bytes, stage: stage, terms: terms,
        signature: signature, onBehalfOf: onBehalfOf), options: who)
    guard let record = response.accessRequest else { throw RPCError(.internal, "no record") }
    return record
  }

  /// A request that both sides have approved.
  func granted(engineer: String = "erin") async throws -> StoredRequest {
    try await store.grant(
      at: clock.now(), engineer: Subject(issuer: installation.provider.url, id: engineer))
  }

  /// The events of the feed since a sequence.
  func events(after sequence: UInt64 = 0) async throws -> [EventV1.Event] {
    try await store.database.feed.read(after: sequence, limit: 10_000)
      .map { try EventV1.Event(serialized: $0.event) }
  }
}

/// Expects a refusal with a reason.
func expectRefusal<Value>(
  _ code: StatusCode, _ reason: String? = nil, state: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ call: () async throws(RPCError) -> Value
) async {
  do throws(RPCError) {
    _ = try await call()
    Issue.record("was not refused", sourceLocation: sourceLocation)
  } catch {
    #expect(error.code == code, sourceLocation: sourceLocation)
    #expect(error.reason == reason, sourceLocation: sourceLocation)
    var states: [String] = []
    for case .errorInfo(_, _, let metadata) in error.details {
      if let state = metadata["state"] { states.append(state) }
    }
    if let state { #expect(states == [state], sourceLocation: sourceLocation) }
  }
}
