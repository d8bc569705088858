internal import Domain
internal import Files
internal import LockboxProto
internal import Outbound
internal import ServiceKit
internal import StandardProto
internal import Words

/// What posts to URLs that tenants chose.
protocol ChannelPoster: Sendable {
  /// - Parameter authorities: PEM of whom to trust; empty: whom the service trusts by itself.
  func post(
    _ body: [UInt8], fields: [(name: String, value: String)], to url: HTTPSURL,
    authorities: String
  ) async throws(OutboundFault) -> OutboundAnswer
}

/// Notices for channels.
struct ChannelSender: Sendable {
  let poster: any ChannelPoster

  func send(
    _ notice: WrittenNotice, _ claim: Claim, to channel: NoticeChannel, at now: Timestamp
  ) async -> SendingOutcome {
    let body = body(notice, claim, channel)
    var fields: [(name: String, value: String)] = [("content-type", "application/json")]
    if claim.isRepeated { fields.append(("x-lockbox-repeated", "yes")) }
    if let scheme = channel.scheme {
      let valid = claim.keys.filter { $0.expires.map { $0 > now } ?? true }
      fields += WebhookSignature.fields(
        id: claim.carrier.description, seconds: now.seconds, body: body,
        keys: valid.compactMap { WebhookKey(scheme, bytes: $0.bytes) })
    }
    do throws(OutboundFault) {
      let answer = try await poster.post(
        body, fields: fields, to: channel.url, authorities: channel.authorities)
      // Chats say that a webhook was removed with 404, and with 410 that its place is closed.
      if answer.status == 404, channel.scheme == nil { return .gone }
      return SendingOutcome(DeliveryOutcome(answer, now: now))
    } catch {
      switch error {
      // The request was written: what became of it, nobody said.
      case .timedOut, .closed: return .unknown("\(error)")
      case .unresolved, .forbiddenAddress, .connection:
        return .deferred("\(error)")
      }
    }
  }

  private func body(
    _ notice: WrittenNotice, _ claim: Claim, _ channel: NoticeChannel
  ) -> [UInt8] {
    switch channel.target {
    case .webhook: Array(webhook(notice, claim).utf8)
    case .slack: ChatFormat.slack.body(chat(notice, claim))
    case .teams: ChatFormat.teams.body(chat(notice, claim))
    }
  }

  private func chat(_ notice: WrittenNotice, _ claim: Claim) -> ChatMessage {
    let words = NoticeWords.of(claim.notices[0].draft.language)
    var texts = [notice.lead]
    if claim.isRepeated { texts.append(words[.repeated]) }
    return ChatMessage(
      title: notice.subject, text: texts.joined(separator: "\n"),
      facts: notice.rows.map { .init($0.label, $0.value) }
        + notice.passages.map { .init($0.label, $0.lines.joined(separator: " ")) },
      link: notice.url.isEmpty ? nil : .init(notice.open, url: notice.url))
  }

  /// As Standard Webhooks recommends: `type`, `timestamp`, `data`.
  private func webhook(_ notice: WrittenNotice, _ claim: Claim) -> String {
    let stored = claim.notices[0]
    let content = claim.contents[0]
    let kind = CommonV1.NoticeKind(rawValue: stored.draft.kind.rawValue).templateName
    let facts =
      notice.rows.map { ($0.label, $0.value) }
      + notice.passages.map { ($0.label, $0.lines.joined(separator: "\n")) }
    let string = JSONText.string
    return JSONText.object([
      ("type", string("lockbox.notice.\(kind)")),
      ("timestamp", string(Timestamp(content.event.time)?.description ?? "")),
      (
        "data",
        JSONText.object([
          ("noticeId", string(stored.id.description)),
          ("eventId", string(stored.draft.event.description)),
          ("tenantId", string(stored.draft.tenant?.text ?? "")),
          ("requestId", string(stored.draft.request?.description ?? "")),
          ("audience", string(stored.draft.audience.name)),
          ("subject", string(notice.subject)), ("text", string(notice.lead)),
          (
            "facts",
            JSONText.array(
              facts.map {
                JSONText.object([("name", string($0.0)), ("value", string($0.1))])
              })
          ), ("url", string(notice.url)), ("repeated", claim.isRepeated ? "true" : "false"),
        ])
      ),
    ])
  }
}

/// Posts by our own HTTPS client, past the guard of addresses.
struct OutboundPoster: ChannelPoster {
  private let client: OutboundClient
  private let addressGuard: AddressGuard
  /// Of this service alone, for the authorities that channels bring.
  private let directory: String
  private let clock: any WallClock

  /// - Throws: where `authorities` cannot be used.
  init(
    authorities: String, addressGuard: AddressGuard, directory: String, clock: any WallClock
  ) throws {
    client = try OutboundClient(authorities: authorities, addressGuard: addressGuard)
    self.addressGuard = addressGuard
    self.directory = directory
    self.clock = clock
  }

  func post(
    _ body: [UInt8], fields: [(name: String, value: String)], to url: HTTPSURL,
    authorities: String
  ) async throws(OutboundFault) -> OutboundAnswer {
    try await client(trusting: authorities).post(
      OutboundRequest(url: url, fields: fields, body: body))
  }

  /// - Throws: where the PEM cannot be used.
  func client(trusting authorities: String) throws(OutboundFault) -> OutboundClient {
    guard !authorities.isEmpty else { return client }
    // OpenSSL reads authorities from a file, once.
    let path = "\(directory)/\(NoticeID.make(at: clock.now())).pem"
    do {
      try File.writePrivately(Array(authorities.utf8), to: path)
      defer { File.remove(path) }
      return try OutboundClient(authorities: path, addressGuard: addressGuard)
    } catch {
      throw .connection("the channel's authorities cannot be used")
    }
  }
}
