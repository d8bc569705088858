internal import Domain
internal import LockboxProto
internal import Mail
internal import Outbound
internal import Words

/// Writes what a claim carries and makes one attempt to send it, by mail or to a channel.
struct MessageSender: NoticeSender {
  let writer: NoticeWriter
  let mail: MailSender
  let channels: ChannelSender

  func send(_ claim: Claim, at now: Timestamp) async -> SendingResult {
    let written = zip(claim.notices, claim.contents).map { writer.write($0.draft, $1) }
    switch claim.lane {
    case .mail(let address):
      let message = writer.message(
        written, claim.notices[0].draft.language, isRepeated: claim.isRepeated)
      return await mail.send(message, claim, to: address, at: now)
    case .channel:
      guard let channel = claim.channel else {
        return SendingResult(outcome: .refused("the channel was deleted"))
      }
      return SendingResult(
        outcome: await channels.send(written[0], claim, to: channel, at: now))
    }
  }
}

/// Notices as mails.
struct MailSender: Sendable {
  let transport: any MailTransport
  let sender: MailAddress
  let listID: MailField?

  func send(
    _ message: WrittenMessage, _ claim: Claim, to address: String, at now: Timestamp
  ) async -> SendingResult {
    guard let recipient = MailAddress(address),
      let id = MailMessageID(local: claim.carrier.description, domain: String(sender.domain))
    else { return SendingResult(outcome: .refused("this is no mail address")) }
    let mail = MailMessage(
      sender: sender, recipient: recipient, subject: message.subject, text: message.text,
      html: message.html, messageID: id, date: claim.notices[0].created,
      fields: fields(claim))
    return SendingResult(
      outcome: SendingOutcome(await transport.send(mail)), messageID: id.description)
  }

  /// By what programs sort, thread and know a repeat.
  private func fields(_ claim: Claim) -> [MailField] {
    let draft = claim.notices[0].draft
    let kind = CommonV1.NoticeKind(rawValue: draft.kind.rawValue).words
    var fields = [
      listID, MailField("X-Lockbox-Notice", claim.notices.count == 1 ? kind : "digest"),
    ]
    if claim.notices.count == 1, let request = draft.request {
      // All mails on one request are one thread.
      fields.append(MailField("References", "<request.\(request)@\(sender.domain)>"))
      fields.append(MailField("X-Lockbox-Request", "\(request)"))
    }
    if claim.isRepeated { fields.append(MailField("X-Lockbox-Repeated", "yes")) }
    return fields.compactMap { $0 }
  }
}
