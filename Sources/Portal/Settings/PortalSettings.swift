internal import Domain
internal import ServiceKit

/// What a portal's configuration holds.
struct PortalSettings: Sendable {
  let environment: Environment
  /// Where it answers HTTPS.
  let address: Address
  let certificate: String
  let key: String
  /// What people type: `https://lockbox.example`; the origin of its forms and its sign-ins.
  let publicURL: HTTPSURL
  let dataDirectory: String
  /// `issuers.yaml`, as the services read it.
  let issuers: String
  /// `clients.yaml`: as whom the portal is known at the issuers.
  let clients: String
  /// PEM file of whom to trust as services.
  let authorities: String
  /// Verifier keys of the logs; nil: nothing of a log is marked verified.
  let logKeys: String?
  /// The people listeners of the services.
  let services: [PortalService: Address]
  /// Connections for live pages, of up to 90 streams each; 0: none is live.
  let liveConnections: Int
  let sessions: Sessions.Limits
  /// Sign-ins that one address may begin in a minute.
  let signInsPerMinute: Int
  let metricsAddress: Address
  let drainTime: Duration
  let logLevel: LogLevel
  let logFormat: LogFormat

  private enum Keys {
    static let environment = Setting<Environment>.oneOf("environment")
    static let address = Setting<Address>.address(
      "https_listener.address", default: Address(host: "127.0.0.1", port: 7710))
    static let certificate = Setting<String>.path("https_listener.certificate")
    static let key = Setting<String>.path("https_listener.key")
    static let publicURL = Setting<HTTPSURL>(
      "public_url", "an https URL without a path, such as https://lockbox.example"
    ) { raw in
      guard let url = HTTPSURL(raw.text), url.target == "/", !raw.text.hasSuffix("/"),
        !raw.text.contains("?")
      else { return nil }
      return url
    }
    static let dataDirectory = Setting<String>.path("data_directory")
    static let issuers = Setting<String>.path("issuers")
    static let clients = Setting<String>.path("clients")
    static let authorities = Setting<String>.path("services.authorities")
    static let logKeys = Setting<String>.path("history.log_keys")
    static let liveConnections = Setting<Int>.number(
      "live.connections", in: 0...10, default: 4)
    static let idle = Setting<Duration>.duration(
      "session.idle", in: .seconds(60) ... .hours(8), default: .minutes(30))
    static let absolute = Setting<Duration>.duration(
      "session.absolute", in: .seconds(60) ... .hours(24), default: .hours(8))
    static let signIns = Setting<Int>.number(
      "sign_in.per_minute", in: 1...10_000, default: 20)
    static let metricsAddress = Setting<Address>.address(
      "metrics.address", default: Address(host: "127.0.0.1", port: 7717))
    static let drainTime = Setting<Duration>.duration(
      "drain_time", in: .zero ... .seconds(600), default: .seconds(30))
    static let logLevel = Setting<LogLevel>.oneOf("log.level", default: .info)
    static let logFormat = Setting<LogFormat>.oneOf("log.format", default: .automatic)

    static func service(_ service: PortalService) -> Setting<Address> {
      .address("services.\(service.rawValue)", default: service.usualAddress)
    }

    static var all: [any AnySetting] {
      let own: [any AnySetting] = [
        environment, address, certificate, key, publicURL, dataDirectory, issuers, clients,
        authorities, logKeys, liveConnections, idle, absolute, signIns, metricsAddress, drainTime,
        logLevel,
        logFormat,
      ]
      return own + PortalService.allCases.map { service($0) }
    }
  }

  init(
    file: String?, environment variables: [String: String], flags: [String]
  ) throws(StartError) {
    let values = try ConfigurationValues(
      file: file, environment: variables, flags: flags, settings: Keys.all)
    environment = try values.get(Keys.environment)
    address = try values.get(Keys.address)
    certificate = try values.get(Keys.certificate)
    key = try values.get(Keys.key)
    publicURL = try values.get(Keys.publicURL)
    dataDirectory = try values.get(Keys.dataDirectory)
    issuers = try values.get(Keys.issuers)
    clients = try values.get(Keys.clients)
    authorities = try values.get(Keys.authorities)
    logKeys = try values.find(Keys.logKeys)
    var services: [PortalService: Address] = [:]
    for service in PortalService.allCases {
      services[service] = try values.get(Keys.service(service))
    }
    self.services = services
    liveConnections = try values.get(Keys.liveConnections)
    var sessions = Sessions.Limits()
    sessions.idle = try values.get(Keys.idle)
    sessions.absolute = try values.get(Keys.absolute)
    self.sessions = sessions
    signInsPerMinute = try values.get(Keys.signIns)
    metricsAddress = try values.get(Keys.metricsAddress)
    drainTime = try values.get(Keys.drainTime)
    logLevel = try values.get(Keys.logLevel)
    logFormat = try values.get(Keys.logFormat)
    guard metricsAddress.isLoopback else {
      throw .configuration(
        """
        `\(Keys.metricsAddress.key)` is \(metricsAddress), but metrics are neither encrypted nor \
        authenticated: bind them to a loopback address such as 127.0.0.1:7717.
        """)
    }
  }

  /// A file in the data directory.
  func dataFile(_ name: String) -> String {
    dataDirectory.hasSuffix("/") ? dataDirectory + name : "\(dataDirectory)/\(name)"
  }
}

/// The services whose people listeners the portal calls.
enum PortalService: String, Sendable, Hashable, CaseIterable {
  case intake, approvals, audit, export, notify

  var usualAddress: Address {
    let port =
      switch self {
      case .intake: 7401
      case .approvals: 7402
      case .audit: 7404
      case .export: 7406
      case .notify: 7714
      }
    return Address(host: "127.0.0.1", port: port)
  }
}
