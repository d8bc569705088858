internal import Logging
public import ServiceKit
internal import TLS
internal import Web

/// `lockbox-dev mail`: a mail server that delivers nothing and shows what it was given.
public enum MailProgram {
  /// Runs until it is told to stop.
  public static func main(_ options: ServiceOptions) async -> Never {
    await ServiceRunner.process("lockbox-dev mail") {
      let settings = try MailSettings(
        file: options.config, environment: ServiceRunner.environment(), flags: options.settings)
      let tls = try context(settings)
      guard !options.check else { return print("lockbox-dev mail: the configuration is good.") }
      let clock = SystemClock()
      let logger = Logger(label: "mail") { label in
        LineLogHandler(
          label: label, level: settings.logLevel.level, format: settings.logFormat, clock: clock)
      }
      let mails = CaughtMails()
      let smtp = SmtpServer(mails, tls: tls, clock: clock)
      do {
        logger.log(
          .notice, "mails are caught", .address("smtp", try await smtp.start(settings.smtp)))
      } catch {
        throw StartError.binding(MailSettings.smtpKey, settings.smtp, error)
      }
      let listener = HTTPSListener(
        MailPages(mails: mails).routes, on: settings.page, addressKey: MailSettings.pageKey,
        tls: tls, authorizer: nil, clock: clock, logger: logger)
      try await DevelopmentProgram.serve(listener, MailSettings.pageKey, logger)
      await smtp.stop()
    }
  }

  /// For both sides: mail programs name no protocol by ALPN.
  private static func context(_ settings: MailSettings) throws(StartError) -> TLSContext {
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: settings.certificate, keyFile: settings.key),
      clientCertificates: .none)
    tls.speaksHTTP()
    do {
      return try TLSContext(tls)
    } catch {
      throw .configuration("\(error)")
    }
  }
}
