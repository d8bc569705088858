internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

/// A file of before there were rules, seats and notices.
@Suite("Data of earlier versions", .serialized)
struct EarlierDataTests {
  /// What was there: settings, a policy, and a request that a manager has approved.
  private func write(_ file: String, _ clock: FakeClock) async throws -> RequestID {
    let event = try Sample.received(at: clock.now())
    guard case .accessRequestReceived(let received) = event.payload,
      let id = RequestID(event.requestID)
    else { preconditionFailure("intake's event") }
    let database = try Database(
      at: file, DatabaseOptions(program: "lockbox-approvals", applicationID: 0x4C42_6170),
      migrations: Array(SQLiteApprovalsStore.migrations.prefix(4)),
      clock: { clock.now().nanoseconds }, onFatal: { Issue.record("\($0)") })
    let now = clock.now()
    let settings = try Sample.tenant().message.serialized()
    let policy = try Sample.policy().message.serialized()
    try await database.write { transaction in
      try transaction.execute(
        "INSERT INTO tenant (tenant_id, version, settings) VALUES ('contoso', 1, ?)", settings)
      try transaction.execute(
        "INSERT INTO policy (workload, version, policy) VALUES ('mail', 1, ?)", policy)
      try transaction.execute(
        """
        INSERT INTO request (
          request_id, access_request, tenant_id, workload, engineer_issuer, engineer_id,
          policy_version, tenant_version, state, stage, deadline, update_time)
        VALUES (?, ?, 'contoso', 'mail', ?, 'erin', 1, 1, 3, 1, ?, ?)
        """, id, received.accessRequest, Sample.provider, (now + .hours(12)).nanoseconds,
        now.nanoseconds)
      try transaction.execute(
        """
        INSERT INTO decision (
          request_id, position, stage, verdict, issuer, subject, display_name, comment, digest,
          time)
        VALUES (?, 0, 0, 1, ?, 'mia', 'M mia', 'said so', ?, ?)
        """, id, Sample.provider, received.requestDigest, now.nanoseconds)
    }
    await database.close()
    return id
  }

  @Test("a request of before is read as it was, and goes on")
  func goesOn() async throws {
    let clock = FakeClock()
    let folder = TemporaryDirectory()
    let id = try await write(folder.file("approvals.db"), clock)
    let store = try SQLiteApprovalsStore(path: folder.file("approvals.db"), clock: clock) {
      Issue.record("the database failed: \($0)")
    }
    do {
      let found = try await store.read { try $0.request(id) }
      let stored = try #require(found)
      #expect(stored.record.state.name == .awaitingCustomer)
      #expect(stored.record.snapshot?.rule == nil)
      #expect(stored.record.snapshot?.stages.map(\.name) == ["managers", "customer"])
      #expect(stored.record.decisions.map(\.seat) == ["mia"])
      #expect(stored.record.decisions.map(\.isDelegated) == [false])
      #expect(stored.record.notices.isEmpty && stored.record.request.severity == nil)
      let granted = try await store.decide(stored, .approve, stage: 1, by: Sample.owner("oda"))
      #expect(granted.record.state == .approved)
      #expect(try await store.read { try $0.request(id) } == granted)
    } catch {
      await store.database.close()
      throw error
    }
    await store.database.close()
  }
}
