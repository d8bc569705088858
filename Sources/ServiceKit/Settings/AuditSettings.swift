/// What only the audit service's configuration holds.
public struct AuditSettings: ConfigurationSection {
  /// A tenant's log is `<prefix>/<tenant>`, the provider's own `<prefix>/provider`: the origin
  /// line of its checkpoints (C2SP tlog-checkpoint).
  public let originPrefix: String
  /// Ed25519 private key, PEM (PKCS #8), that signs checkpoints.
  public let signingKey: String
  /// The longest time between an entry and a signed checkpoint that covers it, when nobody asks.
  public let checkpointInterval: Duration
  /// Full segments are compressed when their newest entry is older than this; zero: never.
  public let compressAfter: Duration
  /// How often it is looked what is to be compressed, and what the tenants' retention drops.
  public let upkeepInterval: Duration
  /// Who cosigns checkpoints; none by default.
  public let witnesses: [WitnessEntry]
  /// Where logs are served as tiles.
  public let https: HTTPSListenerSettings

  enum Keys {
    static let originPrefix = Setting<String>(
      "audit.origin_prefix",
      "1 to 128 of a–z, 0–9, `.`, `-` and `/`, for instance log.example/lockbox"
    ) { raw in
      let bytes = raw.text.utf8
      let allowed = bytes.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte)
          || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
      }
      return (1...128).contains(bytes.count) && allowed && !raw.text.hasSuffix("/")
        ? raw.text : nil
    }
    static let signingKey = Setting<String>.path("audit.signing_key")
    static let checkpointInterval = Setting<Duration>.duration(
      "audit.checkpoint_interval", in: .milliseconds(100) ... .seconds(3600),
      default: .seconds(10))
    // An auditor reads the last days again and again, and older ones seldom.
    static let compressAfter = Setting<Duration>.duration(
      "audit.compress_after", in: .zero ... .seconds(87_600 * 3600),
      default: .seconds(7 * 24 * 3600))
    static let upkeepInterval = Setting<Duration>.duration(
      "audit.upkeep_interval", in: .seconds(1) ... .seconds(24 * 3600), default: .seconds(3600))
    static let witnesses = Setting<String>.path("audit.witnesses")
  }

  public static var settings: [any AnySetting] {
    [
      Keys.originPrefix, Keys.signingKey, Keys.checkpointInterval, Keys.compressAfter,
      Keys.upkeepInterval, Keys.witnesses,
    ] + HTTPSListenerSettings.settings
  }

  public init(_ values: ConfigurationValues, service: ServiceConfiguration) throws(StartError) {
    originPrefix = try values.get(Keys.originPrefix)
    signingKey = try values.get(Keys.signingKey)
    checkpointInterval = try values.get(Keys.checkpointInterval)
    compressAfter = try values.get(Keys.compressAfter)
    upkeepInterval = try values.get(Keys.upkeepInterval)
    witnesses = try values.find(Keys.witnesses).map(WitnessesFile.load) ?? []
    https = try HTTPSListenerSettings(values, files: service.transport)
  }
}
