internal import AccessToken
internal import Domain
internal import LockboxProto
internal import RPC
public import ServiceKit
internal import SignedStatement
internal import Storage

/// Approvals: what was decided.
public enum ApprovalsService {
  /// Opens the store and puts the service together.
  public static func assemble(
    _ workbench: ServiceWorkbench, _ settings: ApprovalsSettings
  ) async throws -> ServiceParts {
    let receipts = AuditReceipts(
      audit: workbench.client(of: .audit), timeout: settings.receiptTimeout)
    return try await assemble(workbench, settings, store: openStore(workbench), receipts: receipts)
  }

  static func openStore(_ workbench: ServiceWorkbench) throws -> SQLiteApprovalsStore {
    try SQLiteApprovalsStore(
      path: workbench.configuration.dataFile("approvals.db"), clock: workbench.clock,
      onFatal: workbench.onFatal)
  }

  static func assemble(
    _ workbench: ServiceWorkbench, _ settings: ApprovalsSettings, store: SQLiteApprovalsStore,
    receipts: any ReceiptSource
  ) async throws -> ServiceParts {
    let desk = Desk(
      store: store, clock: workbench.clock, lifetimes: lifetimes(workbench, settings))
    let keys = try SigningKeys(
      active: settings.tokenSigningKey, next: settings.tokenNextSigningKey, store: store,
      clock: workbench.clock, logger: workbench.logger)
    await keys.reloadChanged()
    let tokens = TokenDesk(
      desk: desk, receipts: receipts, keys: keys, issuer: settings.tokenIssuer,
      audience: settings.tokenAudience,
      lifetime: settings.tokenLifetime)

    var parts = ServiceParts()
    parts.database = store.database
    parts.feed = store.database.feed
    parts.descriptors = [
      ApprovalsV1.ApprovalsService.descriptor, ApprovalsV1.GrantService.descriptor,
      ApprovalsV1.TenantService.descriptor, ApprovalsV1.PolicyService.descriptor,
      ApprovalsV1.ApproverKeyService.descriptor, ApprovalsV1.AbsenceService.descriptor,
      ApprovalsV1.SubjectLinkService.descriptor,
    ]
    let signatures = SignatureDesk(desk: desk, relyingParty: settings.relyingParty)
    ApprovalsHandlers(desk: desk, signatures: signatures).add(to: &parts.people)
    ReviewHandlers(desk: desk).add(to: &parts.people)
    KeyHandlers(desk: desk, signatures: signatures).add(to: &parts.people)
    AbsenceHandlers(desk: desk).add(to: &parts.people)
    LinkHandlers(desk: desk).add(to: &parts.people)
    WatchHandler(desk: desk, feed: store.database.feed).add(to: &parts.people)
    GrantHandlers(desk: desk, tokens: tokens, receipts: receipts).add(to: &parts.people)
    EnforcementHandlers(
      desk: desk, keys: keys, issuer: settings.tokenIssuer, audience: settings.tokenAudience
    ).add(people: &parts.people, service: &parts.service)
    RevocationHandler(desk: desk, feed: store.database.feed).add(to: &parts.service)
    workbench.metrics.serve(
      "/jwks.json",
      .init(mediaType: "application/jwk-set+json") {
        String(decoding: keys.publicKeys.json, as: UTF8.self)
      })
    parts.loops = [.init("signing keys") { try await keys.watch() }]
    TenantHandlers(desk: desk).add(to: &parts.people)
    PolicyHandlers(desk: desk).add(to: &parts.people)
    SimulationHandlers(desk: desk).add(to: &parts.people)
    DeadlineHandlers(desk: desk).add(to: &parts.service)
    parts.consumers = [
      workbench.consumer(of: .intake) {
        try await store.read { try $0.cursor(of: ServiceName.intake.rawValue) }
      } apply: { batch in
        try await store.write { transaction in
          for element in batch.elements { try transaction.applyIntake(element.event) }
          try transaction.advanceCursor(of: batch.feed, from: batch.after, to: batch.last)
        }
      }
    ]
    return parts
  }

  /// Development may shorten lifetimes, so that a story does not take an hour.
  private static func lifetimes(
    _ workbench: ServiceWorkbench, _ settings: ApprovalsSettings
  ) -> LifetimeRules {
    let rules: LifetimeRules =
      workbench.configuration.environment == .development ? .development : .production
    return LifetimeRules(
      requestLifetime: settings.minimumLifetime...rules.requestLifetime.upperBound,
      access: rules.access)
  }
}

extension ApprovalsSettings {
  /// For whom browsers' signatures count; nil: for nobody.
  fileprivate var relyingParty: WebAuthnRelyingParty? {
    guard let id = webAuthnID, let origin = webAuthnOrigin else { return nil }
    return WebAuthnRelyingParty(id: id, origins: [origin])
  }
}
