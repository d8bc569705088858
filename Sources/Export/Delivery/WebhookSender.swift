internal import Domain
internal import LockboxProto
internal import LogFormats
internal import Outbound
internal import ServiceKit

/// One signed request an entry, over one connection that is kept while the receiver keeps it.
struct WebhookSender: DeliverySender {
  private let connection: KeptConnection
  private let format: CommonV1.WebhookFormat
  /// The present one first, with the moments until which the others sign.
  private let keys: [(key: WebhookKey, expires: Timestamp?)]
  private let clock: any WallClock

  init(
    _ url: HTTPSURL, _ format: CommonV1.WebhookFormat,
    keys: [(key: WebhookKey, expires: Timestamp?)], client: OutboundClient, clock: any WallClock
  ) {
    connection = KeptConnection(to: url, client: client)
    self.format = format
    self.keys = keys
    self.clock = clock
  }

  func send(_ records: [EntryRecord], isBeside: Bool) async -> SendingResult {
    for (index, record) in records.enumerated() {
      let outcome = await send(record)
      guard outcome == .delivered else { return .init(delivered: index, failure: outcome) }
    }
    return .init(delivered: records.count)
  }

  func close() async { await connection.close() }

  private func send(_ record: EntryRecord) async -> DeliveryOutcome {
    let now = clock.now()
    let content = WebhookContent(record, format)
    let valid = keys.filter { $0.expires.map { $0 > now } ?? true }.map(\.key)
    let signature = WebhookSignature.fields(
      id: record.eventID, seconds: now.seconds, body: content.body, keys: valid)
    do throws(OutboundFault) {
      return .init(
        try await connection.post(content.body, fields: content.fields + signature), now: now)
    } catch {
      return .failed("\(error)", retryAfter: nil)
    }
  }
}

/// The body of a webhook and the fields that say what it is.
struct WebhookContent: Sendable {
  let body: [UInt8]
  let fields: [(name: String, value: String)]

  init(_ record: EntryRecord, _ format: CommonV1.WebhookFormat) {
    let text: String
    var fields: [(name: String, value: String)] = []
    switch format {
    case .cloudEvents:
      text = EntryFormat.cloudEvents.text(record)
      fields = [("content-type", EntryFormat.cloudEvents.contentType)]
    case .cloudEventsBinary:
      let event = CloudEventFormat(record)
      text = event.body
      fields = event.fields + [("content-type", "application/json")]
    case .ocsf:
      text = EntryFormat.ocsf.text(record)
      fields = [("content-type", EntryFormat.ocsf.contentType)]
    // The others are checked when a destination is made; a newer one is sent in the plain form.
    case .standard, .unspecified, .unrecognized:
      text = StandardWebhookFormat.body(record)
      fields = [("content-type", "application/json")]
    }
    body = Array(text.utf8)
    self.fields = fields
  }
}
