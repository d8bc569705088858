internal import ServiceKit

/// What `lockbox-dev mail` is told.
struct MailSettings: Sendable {
  static let pageKey = Keys.page.key
  static let smtpKey = Keys.smtp.key

  let environment: Environment
  /// Where mails are handed over.
  let smtp: Address
  /// Where they are looked at.
  let page: Address
  let certificate: String
  let key: String
  let logLevel: LogLevel
  let logFormat: LogFormat

  private enum Keys {
    static let environment = Setting<Environment>.oneOf("environment", default: .development)
    static let directory = Setting<String>.path("directory", default: ".lockbox")
    static let smtp = Setting<Address>.address(
      "mail.smtp_address", default: Address(host: "127.0.0.1", port: 7712))
    static let page = Setting<Address>.address(
      "mail.address", default: Address(host: "127.0.0.1", port: 7713))
    static let certificate = Setting<String>.path("https_listener.certificate")
    static let key = Setting<String>.path("https_listener.key")
    static let logLevel = Setting<LogLevel>.oneOf("log.level", default: .info)
    static let logFormat = Setting<LogFormat>.oneOf("log.format", default: .automatic)

    static var all: [any AnySetting] {
      [environment, directory, smtp, page, certificate, key, logLevel, logFormat]
    }
  }

  init(file: String?, environment: [String: String], flags: [String]) throws(StartError) {
    let values = try ConfigurationValues(
      file: file, environment: environment, flags: flags, settings: Keys.all)
    let directory = try values.get(Keys.directory)
    self.environment = try values.get(Keys.environment)
    smtp = try values.get(Keys.smtp)
    page = try values.get(Keys.page)
    certificate = try values.find(Keys.certificate) ?? "\(directory)/certificates/mail.pem"
    key = try values.find(Keys.key) ?? "\(directory)/certificates/mail.key"
    logLevel = try values.get(Keys.logLevel)
    logFormat = try values.get(Keys.logFormat)
    try DevelopmentProgram.admit(self.environment, Keys.smtp.key, smtp)
    try DevelopmentProgram.admit(self.environment, Keys.page.key, page)
  }
}
