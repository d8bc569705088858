/// What every service's configuration holds.
public struct ServiceConfiguration: Sendable {
  public let service: ServiceName
  public let environment: Environment
  /// The authority part of every SPIFFE id: `lockbox.example`.
  public let trustDomain: String
  /// The service's database and logs live here; nobody else's.
  public let dataDirectory: String
  /// People's programs connect here, with bearer tokens.
  public let peopleAddress: Address
  /// Services connect here, with client certificates.
  public let serviceAddress: Address
  public let transport: TransportFiles
  /// `issuers.yaml`.
  public let issuers: String
  public let logLevel: LogLevel
  public let logFormat: LogFormat
  /// Prometheus metrics over plain HTTP; loopback only.
  public let metricsAddress: Address
  /// The service listeners of the services.
  public let peers: [ServiceName: Address]
  /// How long running calls may take to finish once the service drains.
  public let drainTime: Duration

  public enum Keys {
    public static let environment = Setting<Environment>.oneOf("environment")
    public static let trustDomain = Setting<String>(
      "trust_domain", "1 to 253 of a–z, 0–9, `.`, `-` and `_`"
    ) { raw in
      let bytes = raw.text.utf8
      let allowed = bytes.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte)
          || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }
      return (1...253).contains(bytes.count) && allowed ? raw.text : nil
    }
    public static let dataDirectory = Setting<String>.path("data_directory")
    public static let issuers = Setting<String>.path("issuers")
    public static let logLevel = Setting<LogLevel>.oneOf("log.level", default: .info)
    public static let logFormat = Setting<LogFormat>.oneOf("log.format", default: .automatic)
    public static let drainTime = Setting<Duration>.duration(
      "drain_time", in: .zero ... .seconds(600), default: .seconds(30))

    static func people(_ service: ServiceName) -> Setting<Address> {
      .address("people_listener.address", default: loopback(service.ports.people))
    }
    static func service(_ service: ServiceName) -> Setting<Address> {
      .address("service_listener.address", default: loopback(service.ports.service))
    }
    static func metrics(_ service: ServiceName) -> Setting<Address> {
      .address("metrics.address", default: loopback(service.ports.metrics))
    }
    static func peer(_ service: ServiceName) -> Setting<Address> {
      .address("peers.\(service.rawValue)", default: loopback(service.ports.service))
    }
    private static func loopback(_ port: Int) -> Address {
      Address(host: "127.0.0.1", port: port)
    }
  }

  /// Every key that all services share.
  public static func settings(of service: ServiceName) -> [any AnySetting] {
    var settings: [any AnySetting] = [
      Keys.environment, Keys.trustDomain, Keys.dataDirectory, Keys.issuers, Keys.logLevel,
      Keys.logFormat, Keys.drainTime, Keys.people(service), Keys.service(service),
      Keys.metrics(service),
    ]
    settings += ServiceName.allCases.map { Keys.peer($0) }
    return settings + TransportFiles.Keys.all
  }

  public init(_ service: ServiceName, _ values: ConfigurationValues) throws(StartError) {
    self.service = service
    environment = try values.get(Keys.environment)
    trustDomain = try values.get(Keys.trustDomain)
    dataDirectory = try values.get(Keys.dataDirectory)
    issuers = try values.get(Keys.issuers)
    logLevel = try values.get(Keys.logLevel)
    logFormat = try values.get(Keys.logFormat)
    drainTime = try values.get(Keys.drainTime)
    peopleAddress = try values.get(Keys.people(service))
    serviceAddress = try values.get(Keys.service(service))
    metricsAddress = try values.get(Keys.metrics(service))
    transport = try TransportFiles(values)
    var peers: [ServiceName: Address] = [:]
    for peer in ServiceName.allCases { peers[peer] = try values.get(Keys.peer(peer)) }
    self.peers = peers

    guard metricsAddress.isLoopback else {
      throw .configuration(
        """
        `metrics.address` is \(metricsAddress), but metrics are neither encrypted nor \
        authenticated: bind them to a loopback address such as 127.0.0.1:\
        \(service.ports.metrics).
        """)
    }
  }

  /// The SPIFFE id of this service.
  public var spiffeID: String { service.spiffeID(in: trustDomain) }

  /// A file in the data directory.
  public func dataFile(_ name: String) -> String {
    dataDirectory.hasSuffix("/") ? dataDirectory + name : "\(dataDirectory)/\(name)"
  }

  /// Reads the whole configuration of a service: a file, the environment, flags.
  public static func load<Section: ConfigurationSection>(
    _ service: ServiceName, file: String?, environment: [String: String], flags: [String],
    section: Section.Type
  ) throws(StartError) -> (ServiceConfiguration, Section) {
    let values = try ConfigurationValues(
      file: file, environment: environment, flags: flags,
      settings: settings(of: service) + Section.settings)
    let configuration = try ServiceConfiguration(service, values)
    return (configuration, try Section(values, service: configuration))
  }
}
