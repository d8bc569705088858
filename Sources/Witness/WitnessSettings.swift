internal import Files
internal import MerkleLog
internal import ServiceKit

/// What a witness' configuration holds.
struct WitnessSettings: Sendable {
  /// Where it answers HTTPS.
  let address: Address
  let certificate: String
  let key: String
  let dataDirectory: String
  let name: KeyName
  /// Ed25519 private key, PEM (PKCS #8), of this witness alone.
  let signingKey: String
  /// The verifier keys of the logs that it follows, one a line.
  let logs: String
  let metricsAddress: Address
  let drainTime: Duration
  let logLevel: LogLevel
  let logFormat: LogFormat

  private enum Keys {
    static let address = Setting<Address>.address(
      "https_listener.address", default: Address(host: "127.0.0.1", port: 7408))
    static let certificate = Setting<String>.path("https_listener.certificate")
    static let key = Setting<String>.path("https_listener.key")
    static let dataDirectory = Setting<String>.path("data_directory")
    static let name = Setting<KeyName>(
      "witness.name", "a name without white space and `+`, such as witness.example/w1"
    ) { raw in
      raw.text.utf8.count <= 128 ? KeyName(raw.text) : nil
    }
    static let signingKey = Setting<String>.path("witness.signing_key")
    static let logs = Setting<String>.path("witness.logs")
    static let metricsAddress = Setting<Address>.address(
      "metrics.address", default: Address(host: "127.0.0.1", port: 7608))
    static let drainTime = Setting<Duration>.duration(
      "drain_time", in: .zero ... .seconds(600), default: .seconds(30))
    static let logLevel = Setting<LogLevel>.oneOf("log.level", default: .info)
    static let logFormat = Setting<LogFormat>.oneOf("log.format", default: .automatic)

    static var all: [any AnySetting] {
      [
        address, certificate, key, dataDirectory, name, signingKey, logs, metricsAddress,
        drainTime, logLevel, logFormat,
      ]
    }
  }

  init(
    file: String?, environment: [String: String], flags: [String]
  ) throws(StartError) {
    let values = try ConfigurationValues(
      file: file, environment: environment, flags: flags, settings: Keys.all)
    address = try values.get(Keys.address)
    certificate = try values.get(Keys.certificate)
    key = try values.get(Keys.key)
    dataDirectory = try values.get(Keys.dataDirectory)
    name = try values.get(Keys.name)
    signingKey = try values.get(Keys.signingKey)
    logs = try values.get(Keys.logs)
    metricsAddress = try values.get(Keys.metricsAddress)
    drainTime = try values.get(Keys.drainTime)
    logLevel = try values.get(Keys.logLevel)
    logFormat = try values.get(Keys.logFormat)
    guard metricsAddress.isLoopback else {
      throw .configuration(
        """
        `\(Keys.metricsAddress.key)` is \(metricsAddress), but metrics are neither encrypted nor \
        authenticated: bind them to a loopback address such as 127.0.0.1:7608.
        """)
    }
  }

  func signer() throws(StartError) -> CosignatureSigner {
    do {
      return CosignatureSigner(name: name, key: try SigningKey(contentsOf: signingKey))
    } catch {
      throw .configuration(
        "`witness.signing_key` cannot be used: \(error); --make-key makes a new one.")
    }
  }

  /// Makes the key that the configuration names; one that is there is never replaced.
  func makeKey() throws(StartError) -> CosignatureSigner {
    let key = SigningKey.generate()
    do {
      try key.save(to: signingKey)
    } catch {
      throw StartError(.inputOutput, "\(error).")
    }
    return CosignatureSigner(name: name, key: key)
  }

  /// The keys of the logs that are followed.
  func verifiers() throws(StartError) -> [NoteVerifier] {
    let text: String
    do {
      text = try File.readText(logs)
    } catch {
      throw .configuration("`witness.logs`: \(error).")
    }
    var verifiers: [NoteVerifier] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
      do {
        verifiers.append(try NoteVerifier(vkey: String(line)))
      } catch {
        throw .configuration("\(logs):\(number + 1) is \(error).")
      }
    }
    guard !verifiers.isEmpty else {
      throw .configuration(
        "\(logs) names no log: write the verifier key of each, one a line (name+id+key).")
    }
    return verifiers
  }
}
