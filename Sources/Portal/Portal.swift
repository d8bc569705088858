internal import Domain
internal import Logging
internal import ServiceKit
internal import Storage
internal import TLS
internal import Web

/// The portal: what people do in a browser. It is a client of the API with each person's own token,
/// and keeps nothing but sessions. `Site` says how a page is made.
///
/// - `Site`: routes, and what stands before each of them
/// - `SignIn`: OpenID Connect with each organisation's issuer
/// - `Sessions`: who is signed in, sealed in SQLite
/// - `API`, `Live`: the services, and signals of change
/// - `Rendering`, `Templates`, `Assets`, `Languages`: how it looks, and what it says
/// - `Pages`: the areas
struct Portal: Sendable {
  let desk: FrontDesk
  let site: Site
  let hub: LiveHub
  let issuers: IssuerDirectory
  let clients: ServiceClients

  /// - Parameter store: where sessions live.
  init(
    _ settings: PortalSettings, store: any SessionStore, clock: any WallClock, logger: Logger
  ) async throws {
    issuers = try await IssuerDirectory.load(
      settings.issuers, environment: settings.environment, clock: clock, logger: logger)
    clients = try Self.services(settings)
    let sessions = Sessions(store: store, clock: clock, limits: settings.sessions)
    var renderer = try Renderer()
    renderer.areas = Area.built
    let signIn = SignIn(
      organisations: try ClientsFile.load(settings.clients, issuers.issuers).map {
        try Self.organisation($0, clock)
      },
      sessions: sessions, authenticator: Authenticator(issuers: issuers, clock: clock),
      throttle: SignInThrottle(perMinute: settings.signInsPerMinute, clock: clock),
      publicURL: settings.publicURL, clock: clock)
    desk = FrontDesk(
      sessions: sessions, signIn: signIn, refreshes: Refreshes(), clients: clients,
      renderer: renderer, formGuard: FormGuard(publicURL: settings.publicURL), clock: clock,
      logger: logger)
    hub = LiveHub(clients)
    var site = Site(desk: desk)
    PortalPages.add(
      to: &site, live: hub,
      logKeys: try settings.logKeys.map { file throws(StartError) in try LogKeys(file: file) }
        ?? .none)
    self.site = site
  }

  private static func organisation(
    _ client: IssuerClient, _ clock: any WallClock
  ) throws(StartError) -> SignIn.Organisation {
    do {
      let https = try HTTPSClient(authorities: client.authorities)
      return SignIn.Organisation(
        client: client, directory: EndpointDirectory(client, https, clock),
        tokens: TokenEndpoint(client: client, https: https))
    } catch {
      throw .configuration("The authorities of the issuer \(client.issuer.url): \(error).")
    }
  }

  private static func services(_ settings: PortalSettings) throws(StartError) -> ServiceClients {
    do {
      return try ServiceClients(
        settings.services, authorities: settings.authorities,
        liveConnections: settings.liveConnections)
    } catch {
      throw .configuration("`services.authorities`: \(error).")
    }
  }

  /// Writes the portal's own samples.
  func collect(_ text: inout MetricsText) {
    text.describe(
      "lockbox_portal_live_sessions", .gauge, "Sessions whose pages are told of changes.")
    text.sample("lockbox_portal_live_sessions", hub.count)
  }
}
