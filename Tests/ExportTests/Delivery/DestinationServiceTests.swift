internal import Domain
internal import LockboxProto
internal import Outbound
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Export

/// `lockbox.export.v1.ExportService` over its wire.
@Suite(.serialized) struct DestinationServiceTests {
  private typealias API = ExportV1.ExportService

  private struct World {
    let installation: TestInstallation
    let service: RunningService
    let client: RPCClient
    let receiver: WebhookReceiver
    let url: String

    init() async throws {
      installation = try await TestInstallation()
      receiver = try WebhookReceiver(installation.pki)
      url = "https://localhost:\(try await receiver.start())/hook"
      service = try await RunningService(
        .export, in: installation, section: ExportSettings.self,
        more: """
          webhooks: {authorities: \(installation.pki.authorities), allow_private_addresses: true}
          """, assemble: ExportService.assemble)
      client = try installation.client(
        of: service.addresses.people, as: nil, expecting: .export)
    }

    var admin: CallOptions { installation.bearer(installation.contoso, "adam", [.admin]) }
    var auditor: CallOptions { installation.bearer(installation.contoso, "alma", [.auditor]) }
    var operators: CallOptions { installation.bearer(installation.provider, "olga", [.operator]) }

    func webhook(
      tenant: String = "contoso", _ change: (inout CommonV1.Destination) -> Void = { _ in }
    ) -> CommonV1.Destination {
      var destination = CommonV1.Destination(
        tenantID: tenant, name: "SIEM",
        target: .webhook(.init(url: url + "?token=secret", format: .standard, scheme: .hmacSha256)))
      change(&destination)
      return destination
    }

    func create(
      _ destination: CommonV1.Destination, _ options: CallOptions? = nil
    ) async throws -> ExportV1.CreateDestinationResponse {
      try await client.unary(
        API.createDestination, .init(destination: destination), options: options ?? admin)
    }

    /// The code of a call that fails.
    func code(_ call: () async throws -> Void) async -> StatusCode? {
      do {
        try await call()
        return nil
      } catch {
        return (error as? RPCError)?.code
      }
    }

    func end() async throws {
      await client.shutdown()
      try await service.stop()
    }
  }

  @Test func `A destination is made, listed, tested, changed and deleted, and the log knows`()
    async throws
  {
    let world = try await World()
    let made = try await world.create(world.webhook())
    let id = made.destination?.destinationID ?? ""
    #expect(made.secret.hasPrefix("whsec_"))
    #expect(made.destination?.version == 1)

    let test = try await world.client.unary(
      API.testDestination, .init(tenantID: "contoso", destinationID: id), options: world.admin)
    #expect(test.delivered)
    #expect(world.receiver.requests.count == 1)

    let rotated = try await world.client.unary(
      API.rotateDestinationSecret, .init(tenantID: "contoso", destinationID: id),
      options: world.admin)
    #expect(rotated.secret.hasPrefix("whsec_"))
    #expect(rotated.secret != made.secret)

    var changed = try #require(made.destination)
    changed.paused = true
    let updated = try await world.client.unary(
      API.updateDestination, .init(destination: changed), options: world.admin)
    #expect(updated.destination?.version == 2)
    let stale = await world.code {
      _ = try await world.client.unary(
        API.updateDestination, .init(destination: changed), options: world.admin)
    }
    #expect(stale == .aborted)

    let list = try await world.client.unary(
      API.listDestinations, .init(tenantID: "contoso"), options: world.auditor)
    #expect(list.destinations.map(\.state) == [.paused])
    _ = try await world.client.unary(
      API.deleteDestination, .init(tenantID: "contoso", destinationID: id), options: world.admin)
    let rest = try await world.client.unary(
      API.listDestinations, .init(tenantID: "contoso"), options: world.auditor)
    #expect(rest.destinations.isEmpty)

    try await world.end()
    let store = try SQLiteExportStore(
      path: world.installation.directory.file("export-data/export.db"),
      clock: world.installation.clock
    ) { _ in }
    let records = try await store.database.feed.read(after: 0, limit: 99)
    await store.database.close()
    let events = try records.map { try EventV1.Event(serialized: $0.event, limits: .response) }
    #expect(
      events.compactMap { $0.payload?.fieldName } == [
        "destination_created", "destination_updated", "destination_updated", "destination_deleted",
      ])
    #expect(events.allSatisfy { $0.tenantID == "contoso" && $0.actor?.subject?.id == "adam" })
    // Neither a secret nor what a query holds is for all readers of the log.
    for record in records {
      let text = String(decoding: record.event, as: UTF8.self)
      #expect(!text.contains("token=secret") && !text.contains("whsec_"))
    }
  }

  @Test func `Nobody touches another tenant's destinations, nor learns of them`() async throws {
    let world = try await World()
    let id = try await world.create(world.webhook()).destination?.destinationID ?? ""
    let missing = DestinationID.make(at: world.installation.clock.now()).description
    for caller in [world.operators] {
      for tenant in ["contoso", "nobody"] {
        let codes = [
          await world.code { _ = try await world.create(world.webhook(tenant: tenant), caller) },
          await world.code {
            _ = try await world.client.unary(
              API.listDestinations, .init(tenantID: tenant), options: caller)
          },
          await world.code {
            _ = try await world.client.unary(
              API.deleteDestination, .init(tenantID: tenant, destinationID: id), options: caller)
          },
        ]
        #expect(codes == [.notFound, .notFound, .notFound])
      }
      // In its own log, another's id is as good as none.
      for one in [id, missing] {
        let codes = [
          await world.code {
            _ = try await world.client.unary(
              API.testDestination, .init(destinationID: one), options: caller)
          },
          await world.code {
            _ = try await world.client.unary(
              API.listDeadLetters, .init(destinationID: one), options: caller)
          },
          await world.code {
            _ = try await world.client.unary(
              API.retryDeadLetters, .init(destinationID: one), options: caller)
          },
          await world.code {
            _ = try await world.client.unary(
              API.rotateDestinationSecret, .init(destinationID: one), options: caller)
          },
        ]
        #expect(codes == [.notFound, .notFound, .notFound, .notFound])
      }
    }
    let provider = try await world.create(world.webhook(tenant: ""), world.operators)
    #expect(provider.destination?.tenantID == "")
    let denied = await world.code { _ = try await world.create(world.webhook(), world.auditor) }
    #expect(denied == .permissionDenied)
    try await world.end()
  }

  @Test func `What cannot be a destination is refused, with every reason at once`() async throws {
    let world = try await World()
    let bad: [(CommonV1.Destination, Int)] = [
      (CommonV1.Destination(tenantID: "contoso"), 2),
      (world.webhook { $0.name = "a\nb" }, 1),
      (world.webhook { $0.kinds = ["decision_recorded", "nonsense", "more"] }, 2),
      (world.webhook { $0.authorities = "no PEM" }, 1),
      (world.webhook { $0.target = .webhook(.init(url: "http://x/", format: .ocsf)) }, 2),
      (world.webhook { $0.target = .webhook(.init(url: "https://u:p@x/")) }, 3),
      (world.webhook { $0.target = .syslog(.init(host: "", format: .cef)) }, 1),
      (world.webhook { $0.target = .syslog(.init(host: "a b", port: 99_999)) }, 2),
    ]
    for (destination, count) in bad {
      do {
        _ = try await world.create(destination)
        Issue.record("\(destination) was taken")
      } catch let error as RPCError {
        #expect(error.code == .invalidArgument)
        let fields = error.details.flatMap { detail in
          if case .badRequest(let violations) = detail { violations.map(\.field) } else { [] }
        }
        #expect(fields.count == count, "\(fields)")
      }
    }
    try await world.end()
  }

  @Test func `A log has so many destinations and no more`() async throws {
    let world = try await World()
    for _ in 0..<DestinationLimits.count { _ = try await world.create(world.webhook()) }
    let code = await world.code { _ = try await world.create(world.webhook()) }
    #expect(code == .failedPrecondition)
    let page = try await world.client.unary(
      API.listDestinations, .init(pageSize: 10, tenantID: "contoso"), options: world.admin)
    let rest = try await world.client.unary(
      API.listDestinations,
      .init(pageSize: 10, pageToken: page.nextPageToken, tenantID: "contoso"), options: world.admin)
    let ids = (page.destinations + rest.destinations).compactMap(\.destination?.destinationID)
    #expect(Set(ids).count == DestinationLimits.count)
    #expect(rest.nextPageToken.isEmpty)
    // A page of one log is no page of another, nor of another list.
    let elsewhere = await world.code {
      _ = try await world.client.unary(
        API.listDestinations, .init(pageToken: page.nextPageToken), options: world.operators)
    }
    let deadLetters = await world.code {
      _ = try await world.client.unary(
        API.listDeadLetters,
        .init(pageToken: page.nextPageToken, tenantID: "contoso", destinationID: ids[0]),
        options: world.admin)
    }
    #expect(elsewhere == .invalidArgument && deadLetters == .invalidArgument)
    try await world.end()
  }
}
