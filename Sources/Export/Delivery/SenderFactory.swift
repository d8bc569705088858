internal import Domain
internal import Files
internal import LockboxProto
internal import LogFormats
internal import Outbound
internal import ServiceKit
internal import TLS

/// Makes what sends to a destination.
struct SenderFactory: Sendable {
  /// PEM file of whom to trust where a destination does not say it.
  let authorities: String
  /// A directory of this service alone, for the authorities that destinations bring.
  let directory: String
  let addressGuard: AddressGuard
  /// As syslog messages name the sender.
  let hostname: String
  let clock: any WallClock

  func sender(for destination: Destination, keys: [StoredKey]) throws -> any DeliverySender {
    // OpenSSL reads authorities from a file, once.
    let authorities = try authoritiesFile(of: destination)
    defer { if authorities != self.authorities { File.remove(authorities) } }
    switch destination.target {
    case .webhook(let url, let format, let scheme):
      let keys = keys.compactMap { stored in
        WebhookKey(scheme, bytes: stored.bytes).map { (key: $0, expires: stored.expires) }
      }
      return WebhookSender(
        url, format, keys: keys,
        client: try OutboundClient(authorities: authorities, addressGuard: addressGuard),
        clock: clock)
    case .syslog(let address, let format):
      return SyslogSender(
        address, SyslogFormat(SyslogFormat.Body(format), hostname: hostname),
        client: try SyslogClient(authorities: authorities, addressGuard: addressGuard),
        clock: clock)
    }
  }

  private func authoritiesFile(of destination: Destination) throws -> String {
    guard !destination.authorities.isEmpty else { return authorities }
    // A test may make a sender while another one is made.
    let path = "\(directory)/\(DestinationID.make(at: clock.now())).pem"
    try File.writePrivately(Array(destination.authorities.utf8), to: path)
    return path
  }
}

extension SyslogFormat.Body {
  /// Destinations are checked when they are made; a newer format is sent in the plain form.
  fileprivate init(_ format: CommonV1.SyslogFormat) {
    self =
      switch format {
      case .cef: .cef
      case .json: .json
      case .ocsf: .ocsf
      case .sentence, .unspecified, .unrecognized: .sentence
      }
  }
}
