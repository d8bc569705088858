internal import Domain
internal import ServiceKit

/// What `lockbox-dev issuer` is told.
struct IssuerSettings: Sendable {
  static let addressKey = Keys.address.key

  /// What `lockboxctl dev init` made.
  let directory: String
  let address: Address
  /// How browsers reach it.
  let url: String
  let certificate: String
  let key: String
  /// Where the portal takes people back; a redirect to anywhere else is refused.
  let redirects: [RedirectURI.Template]
  /// Of access and ID tokens.
  let tokenLifetime: Duration
  let logLevel: LogLevel
  let logFormat: LogFormat

  private enum Keys {
    static let environment = Setting<Environment>.oneOf("environment", default: .development)
    static let directory = Setting<String>.path("directory", default: ".lockbox")
    static let address = Setting<Address>.address(
      "issuer.address", default: Address(host: "127.0.0.1", port: 7711))
    static let url = Setting<String>("issuer.url", "a URL such as https://localhost:7711") { raw in
      raw.text.hasPrefix("https://") && !raw.text.hasSuffix("/") ? raw.text : nil
    }
    static let redirects = Setting<[RedirectURI.Template]>(
      "issuer.redirect_uris",
      "https URLs of this machine, parted by commas; {issuer} stands for an issuer's name",
      default: [.init("https://localhost:7710/sign-in/{issuer}/callback")].compactMap { $0 }
    ) { raw in
      let texts = raw.text.split(separator: ",", omittingEmptySubsequences: false)
      let uris = texts.compactMap { RedirectURI.Template(String($0)) }
      return uris.count == texts.count ? uris : nil
    }
    static let tokenLifetime = Setting<Duration>.duration(
      "issuer.token_lifetime", in: .seconds(1) ... .hours(24), default: .hours(1))
    static let certificate = Setting<String>.path("https_listener.certificate")
    static let key = Setting<String>.path("https_listener.key")
    static let logLevel = Setting<LogLevel>.oneOf("log.level", default: .info)
    static let logFormat = Setting<LogFormat>.oneOf("log.format", default: .automatic)

    static var all: [any AnySetting] {
      [
        environment, directory, address, url, redirects, tokenLifetime, certificate, key, logLevel,
        logFormat,
      ]
    }
  }

  init(file: String?, environment: [String: String], flags: [String]) throws(StartError) {
    let values = try ConfigurationValues(
      file: file, environment: environment, flags: flags, settings: Keys.all)
    directory = try values.get(Keys.directory)
    address = try values.get(Keys.address)
    url = try values.find(Keys.url) ?? "https://localhost:\(address.port)"
    certificate = try values.find(Keys.certificate) ?? "\(directory)/certificates/issuer.pem"
    key = try values.find(Keys.key) ?? "\(directory)/certificates/issuer.key"
    redirects = try values.get(Keys.redirects)
    tokenLifetime = try values.get(Keys.tokenLifetime)
    logLevel = try values.get(Keys.logLevel)
    logFormat = try values.get(Keys.logFormat)
    try DevelopmentProgram.admit(try values.get(Keys.environment), Keys.address.key, address)
  }
}
