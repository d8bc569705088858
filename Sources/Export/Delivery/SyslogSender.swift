internal import Domain
internal import LogFormats
internal import NIOCore
internal import Outbound
internal import ServiceKit

/// RFC 5424 over TLS, framed by octet counts, on one connection.
///
/// Syslog has no answers: what is known of a message is that the receiver's system has acknowledged
/// its bytes. When a connection breaks, what was sent in its last seconds is sent again, since the
/// receiver may not have read it.
actor SyslogSender: DeliverySender {
  private let address: Address
  private let format: SyslogFormat
  private let client: SyslogClient
  private let clock: any WallClock
  private var connection: SyslogConnection?
  /// What this connection has carried lately, oldest first.
  private var recent: [(index: UInt64, sent: Timestamp)] = []

  /// How long a receiver may hold what its system has acknowledged and be believed to have read it.
  static let settling = Duration.seconds(5)

  init(_ address: Address, _ format: SyslogFormat, client: SyslogClient, clock: any WallClock) {
    self.address = address
    self.format = format
    self.client = client
    self.clock = clock
  }

  func send(_ records: [EntryRecord], isBeside: Bool) async -> SendingResult {
    if let connection, !connection.isOpen {
      let lost = recent.first?.index
      close()
      if let lost { return .init(delivered: 0, resendFrom: lost) }
    }
    do throws(OutboundFault) {
      let connection = try await connected()
      try await connection.send(records.flatMap { format.frame($0) })
    } catch {
      let lost = recent.first?.index
      close()
      return .init(
        delivered: 0, failure: .failed("\(error)", retryAfter: nil), resendFrom: lost)
    }
    let now = clock.now()
    recent.removeAll { now - $0.sent > Self.settling }
    if !isBeside { recent += records.map { ($0.index, now) } }
    return .init(delivered: records.count)
  }

  func close() {
    connection?.close()
    connection = nil
    recent = []
  }

  private func connected() async throws(OutboundFault) -> SyslogConnection {
    if let connection { return connection }
    let fresh = try await client.connect(to: address)
    connection = fresh
    return fresh
  }
}
