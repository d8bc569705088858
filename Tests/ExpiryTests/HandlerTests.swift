internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Expiry

@Suite("The expiry service's methods", .serialized)
struct HandlerTests {
  private typealias API = ExpiryV1.ExpiryService

  /// The service over TLS and HTTP/2, with deadlines in an hour and later; nobody is approvals.
  private func withService(
    _ deadlines: [Deadline], in installation: TestInstallation,
    _ body: (RPCClient, CallOptions) async throws -> Void
  ) async throws {
    let service = try await RunningService(
      .expiry, in: installation, section: NoSettings.self
    ) { workbench, _ in
      let store = try SQLiteExpiryStore(
        path: workbench.configuration.dataFile("expiry.db"), clock: workbench.clock,
        onFatal: workbench.onFatal)
      try await store.write { transaction in
        for deadline in deadlines { try transaction.set(deadline) }
      }
      return ExpiryService.assemble(workbench, store: store)
    }
    let client = try installation.client(
      of: service.addresses.people, as: nil, expecting: .expiry)
    do {
      try await body(
        client, installation.bearer(installation.provider, "otto", [.operator]))
    } catch {
      await client.shutdown()
      try await service.stop()
      throw error
    }
    await client.shutdown()
    try await service.stop()
  }

  @Test("an operator lists the deadlines page by page, earliest first")
  func list() async throws {
    let installation = try await TestInstallation()
    let now = installation.clock.now()
    let stages = (0..<4).map { Deadline.stage($0, due: now + .hours($0 + 1)) }
    let grant = Deadline.grant(due: now + .hours(9))
    try await withService((stages + [grant]).shuffled(), in: installation) { client, options in
      var seen: [ExpiryV1.Deadline] = []
      var token = ""
      repeat {
        let page = try await client.unary(
          API.listDeadlines, .init(pageSize: 2, pageToken: token), options: options)
        seen += page.deadlines
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(seen.map(\.requestID) == (stages + [grant]).map(\.request.description))
      #expect(seen.map(\.stage) == [0, 1, 2, 3, 0])
      #expect(seen.map { $0.kind == .grant } == [false, false, false, false, true])
      #expect(seen.allSatisfy { $0.tenantID == "contoso" } && seen.last?.grantID != "")
      #expect(seen.first?.deadline == .init(now + .hours(1)))
      for bad in [
        ExpiryV1.ListDeadlinesRequest(pageToken: "x"), .init(pageSize: 501),
      ] {
        let error = await #expect(throws: RPCError.self) {
          try await client.unary(API.listDeadlines, bad, options: options)
        }
        #expect(error?.code == .invalidArgument && error?.reason == "INVALID_FIELDS")
      }
    }
  }

  @Test("the status counts what waits, and what waits too long")
  func status() async throws {
    let installation = try await TestInstallation()
    let now = installation.clock.now()
    try await withService(
      [.stage(due: now + .hours(1)), .grant(due: now + .hours(2))], in: installation
    ) { client, options in
      var status = try await client.unary(API.getExpiryStatus, .init(), options: options)
      #expect(status.pending == 2 && status.overdue == 0 && status.fired == 0)
      #expect(status.nextDeadline == .init(now + .hours(1)) && status.approvalsCursor == 0)
      installation.clock.set(now + .hours(1))
      status = try await client.unary(API.getExpiryStatus, .init(), options: options)
      #expect(status.overdue == 1)
    }
  }
}
