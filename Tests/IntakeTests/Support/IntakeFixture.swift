internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Intake

/// The intake service in this process, called over TLS and HTTP/2. Nobody is approvals: a test
/// applies its events itself.
final class IntakeFixture: Sendable {
  typealias API = IntakeV1.IntakeService

  let installation: TestInstallation
  let store: SQLiteIntakeStore
  let watchers: Watchers
  let people: RPCClient
  private let service: RunningService

  var clock: FakeClock { installation.clock }

  private init() async throws {
    let installation = try await TestInstallation()
    let watchers = Watchers()
    let (stores, found) = AsyncStream.makeStream(of: SQLiteIntakeStore.self)
    service = try await RunningService(
      .intake, in: installation, section: NoSettings.self
    ) { workbench, _ in
      let store = try IntakeService.openStore(workbench)
      found.yield(store)
      return IntakeService.assemble(workbench, store: store, watchers: watchers)
    }
    var iterator = stores.makeAsyncIterator()
    store = try #require(await iterator.next())
    self.installation = installation
    self.watchers = watchers
    people = try installation.client(of: service.addresses.people, as: nil, expecting: .intake)
  }

  /// Runs a test against a service of its own that knows contoso and mail, and stops it.
  static func run(_ body: (IntakeFixture) async throws -> Void) async throws {
    let fixture = try await IntakeFixture()
    do {
      let now = fixture.clock.now()
      try await fixture.store.apply(
        Sample.tenantApplied(longest: .hours(4), at: now), Sample.policyApplied(at: now))
      try await body(fixture)
    } catch {
      try await fixture.stop()
      throw error
    }
    try await fixture.stop()
  }

  private func stop() async throws {
    await people.shutdown()
    try await service.stop()
  }

  func engineer(_ name: String = "erin") -> CallOptions {
    installation.bearer(installation.provider, name, [.engineer])
  }

  func manager() -> CallOptions {
    installation.bearer(installation.provider, "mia", [.manager])
  }

  func submit(
    _ request: IntakeV1.SubmitAccessRequestRequest, as who: CallOptions? = nil
  ) async throws(RPCError) -> IntakeV1.AccessRequestStatus {
    let response = try await people.unary(
      API.submitAccessRequest, request, options: who ?? engineer())
    guard let status = response.accessRequest else { throw RPCError(.internal, "no status") }
    return status
  }

  /// Applies an event of approvals' feed, and wakes who watches.
  func tell(_ payload: EventV1.Event.Payload, of request: RequestID) async throws {
    watchers.notify(
      try await store.apply(Sample.event(payload, of: request, at: clock.now())))
  }

  var feedLast: UInt64 { store.database.feed.last }
}

extension IntakeV1.AccessRequestStatus {
  var id: RequestID? { RequestID(accessRequest?.requestID ?? "") }
}

/// Expects a refusal with a reason.
func expectRefusal<Value>(
  _ code: StatusCode, _ reason: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ call: () async throws(RPCError) -> Value
) async {
  do throws(RPCError) {
    _ = try await call()
    Issue.record("was not refused", sourceLocation: sourceLocation)
  } catch {
    #expect(error.code == code, sourceLocation: sourceLocation)
    #expect(error.reason == reason, sourceLocation: sourceLocation)
  }
}
