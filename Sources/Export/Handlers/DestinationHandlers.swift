internal import Domain
internal import LockboxProto
internal import Outbound
internal import RPC
internal import ServiceKit
internal import StandardProto

/// The destinations of `lockbox.export.v1.ExportService`.
struct DestinationHandlers: Sendable {
  let store: any DeliveryStore
  let senders: SenderFactory
  let engine: DeliveryEngine
  let clock: any WallClock

  /// How long a secret that was rotated out still signs.
  static let secretOverlap = Duration.hours(24)

  func add(to router: inout Router) {
    router.unary(ExportV1.ExportService.createDestination, create)
    router.unary(ExportV1.ExportService.listDestinations, list)
    router.unary(ExportV1.ExportService.updateDestination, update)
    router.unary(ExportV1.ExportService.rotateDestinationSecret, rotate)
    router.unary(ExportV1.ExportService.deleteDestination, delete)
    router.unary(ExportV1.ExportService.testDestination, test)
  }

  private func create(
    _ request: ExportV1.CreateDestinationRequest, _ context: ServerContext
  ) async throws -> ExportV1.CreateDestinationResponse {
    let caller = try context.caller()
    let message = request.destination ?? .init()
    let tenant = try caller.logTenant(message.tenantID, field: "destination.tenant_id")
    let now = clock.now()
    let destination = try Destination(
      message, id: .make(at: now), tenant: tenant, created: now, updated: now, version: 1)
    // Authorities that cannot be read are told of now, not at the first delivery.
    let key = newKey(of: destination)
    try await check(destination, key)
    let origin = EventOrigin(caller, in: context)
    try await store.writeDeliveries { transaction in
      let others = try transaction.destinations(
        of: tenant, after: nil, limit: DestinationLimits.count)
      guard others.count < DestinationLimits.count else {
        throw RPCError.reasoned(
          .failedPrecondition, "a log has \(DestinationLimits.count) destinations at most",
          reason: "TOO_MANY_DESTINATIONS")
      }
      try transaction.set(destination)
      if let key {
        try transaction.setKeys([.init(bytes: key.bytes, expires: nil)], of: destination.id)
      }
      let next =
        request.fromFirstKept
        ? try transaction.firstIndex(of: tenant) : try transaction.size(of: tenant)
      try transaction.setProgress(DeliveryProgress(next: next), of: destination.id)
      try transaction.tell(
        destination, .destinationCreated(.init(destination: destination.messageForEvents)),
        by: origin)
    }
    engine.destinationsChanged()
    return .init(destination: destination.message, secret: key?.receiverText ?? "")
  }

  private func list(
    _ request: ExportV1.ListDestinationsRequest, _ context: ServerContext
  ) async throws -> ExportV1.ListDestinationsResponse {
    let tenant = try context.caller().logTenant(request.tenantID)
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken,
      query: ["destinations", request.tenantID])
    let after = try page.after.map { key in
      guard let id = DestinationID(pageKey: key) else { throw RPCError.badPageToken }
      return id
    }
    let (statuses, next) = try await store.readDeliveries { reader in
      let found = try reader.destinations(of: tenant, after: after, limit: page.size + 1)
      let (shown, next) = page.cut(found) { $0.id.pageKey }
      return (try shown.map { try ExportV1.DestinationStatus($0, reader) }, next)
    }
    return .init(destinations: statuses, nextPageToken: next)
  }

  private func update(
    _ request: ExportV1.UpdateDestinationRequest, _ context: ServerContext
  ) async throws -> ExportV1.UpdateDestinationResponse {
    let caller = try context.caller()
    let message = request.destination ?? .init()
    let tenant = try caller.logTenant(message.tenantID, field: "destination.tenant_id")
    let id = try DestinationID(field: message.destinationID)
    let origin = EventOrigin(caller, in: context)
    let now = clock.now()
    let old = try await store.readDeliveries { try $0.destination(id, of: tenant) }
    let destination = try Destination(
      message, id: id, tenant: tenant, created: old.created, updated: now,
      version: message.version + 1)
    // Another kind of signature needs another key; none is made behind the admin's back.
    guard destination.scheme == old.scheme else {
      throw RPCError.reasoned(
        .failedPrecondition, "a destination keeps its kind and its signature scheme: make another",
        reason: "TARGET_KIND_CHANGED")
    }
    try await check(destination, destination.scheme.map { newKey($0) })
    let kept = try await store.writeDeliveries { transaction in
      let present = try transaction.destination(id, of: tenant)
      guard present.version == message.version else {
        throw RPCError.reasoned(
          .aborted, "the destination has changed meanwhile: read it again",
          reason: "VERSION_MISMATCH")
      }
      try transaction.set(destination)
      // What was broken may be mended: the next attempt is now.
      let progress = try transaction.progress(of: id)
      try transaction.setProgress(DeliveryProgress(next: progress?.next ?? 0), of: id)
      try transaction.tell(
        destination, .destinationUpdated(.init(destination: destination.messageForEvents)),
        by: origin)
      return destination
    }
    engine.destinationsChanged()
    return .init(destination: kept.message)
  }

  private func rotate(
    _ request: ExportV1.RotateDestinationSecretRequest, _ context: ServerContext
  ) async throws -> ExportV1.RotateDestinationSecretResponse {
    let caller = try context.caller()
    let tenant = try caller.logTenant(request.tenantID)
    let id = try DestinationID(field: request.destinationID)
    let origin = EventOrigin(caller, in: context)
    let expires = clock.now() + Self.secretOverlap
    let key = try await store.writeDeliveries { transaction in
      let destination = try transaction.destination(id, of: tenant)
      guard let scheme = destination.scheme else {
        throw RPCError.reasoned(
          .failedPrecondition, "a syslog destination has no secret", reason: "NO_SECRET")
      }
      let key = newKey(scheme)
      // The one before the last is over at once: two at most sign.
      let old = try transaction.keys(of: id).prefix(1)
      try transaction.setKeys(
        [StoredKey(bytes: key.bytes, expires: nil)]
          + old.map { StoredKey(bytes: $0.bytes, expires: expires) }, of: id)
      try transaction.tell(
        destination,
        .destinationUpdated(
          .init(destination: destination.messageForEvents, secretRotated: true)), by: origin)
      return key
    }
    engine.destinationsChanged()
    return .init(secret: key.receiverText, oldSecretExpireTime: .init(expires))
  }

  private func delete(
    _ request: ExportV1.DeleteDestinationRequest, _ context: ServerContext
  ) async throws -> ExportV1.DeleteDestinationResponse {
    let caller = try context.caller()
    let tenant = try caller.logTenant(request.tenantID)
    let id = try DestinationID(field: request.destinationID)
    let origin = EventOrigin(caller, in: context)
    try await store.writeDeliveries { transaction in
      let destination = try transaction.destination(id, of: tenant)
      try transaction.remove(id)
      try transaction.tell(
        destination, .destinationDeleted(.init(destination: destination.messageForEvents)),
        by: origin)
    }
    engine.destinationsChanged()
    return .init()
  }

  private func newKey(of destination: Destination) -> WebhookKey? {
    destination.scheme.map { newKey($0) }
  }

  private func newKey(_ scheme: WebhookKey.Scheme) -> WebhookKey {
    var random = SystemRandomNumberGenerator()
    return .generate(scheme, using: &random)
  }

  /// Whether something can be made that sends to it.
  private func check(_ destination: Destination, _ key: WebhookKey?) async throws {
    do {
      let keys = key.map { [StoredKey(bytes: $0.bytes, expires: nil)] } ?? []
      await (try senders.sender(for: destination, keys: keys)).close()
    } catch {
      throw Violation(
        field: "destination.authorities", problem: "must be certificates in PEM (\(error))")
    }
  }
}
