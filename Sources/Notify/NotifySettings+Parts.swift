internal import Domain
internal import Mail
internal import Outbound
internal import ServiceKit

extension NotifySettings.Mail {
  /// How the mail server is spoken with.
  var transport: SmtpSettings {
    get throws(StartError) {
      let security: SmtpSettings.Security =
        switch self.security {
        case .startTLS: .startTLS
        case .tls: .implicitTLS
        case .plain: .plain
        }
      let credentials = user.flatMap { user in
        passwordFile.map { SmtpSettings.Credentials(user: user, passwordFile: $0) }
      }
      let settings = SmtpSettings(
        host: server.host, port: server.port, security: security, authorities: authorities,
        credentials: credentials, clientName: HostName.own, timeout: timeout,
        mostConnections: connections)
      guard let settings else {
        throw .configuration(
          "`mail.security` may be `plain` only with a server on this machine: use starttls or tls.")
      }
      return settings
    }
  }
}

extension MailSender {
  init(
    _ settings: NotifySettings.Mail, _ transport: any MailTransport
  ) throws(StartError) {
    guard let sender = MailAddress(settings.sender, name: settings.senderName) else {
      throw .configuration("`mail.sender` is no mail address.")
    }
    var listID: MailField?
    if let id = settings.listID {
      listID = MailField.listID(id)
      guard listID != nil else {
        throw .configuration(
          "`mail.list_id` must be names with dots between them, such as notices.lockbox.example.")
      }
    }
    self.init(transport: transport, sender: sender, listID: listID)
  }
}

extension ProviderNotices {
  init(_ settings: NotifySettings) throws(StartError) {
    guard LocalTime.isKnown(settings.providerTimeZone) else {
      throw .configuration(
        "`notices.time_zone`: there is no time zone \(settings.providerTimeZone).")
    }
    self.init(
      contacts: settings.providerContacts, language: settings.providerLanguage,
      detail: settings.providerDetail, timeZone: settings.providerTimeZone,
      tellsEngineers: settings.tellsEngineers)
  }
}
