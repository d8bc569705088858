internal import Domain
internal import LockboxProto
internal import Outbound
internal import ServiceKit
internal import StandardProto

/// Limits of destinations, each with its reason.
enum DestinationLimits {
  /// A SIEM, its successor, a test, for each of a few teams.
  static let count = 16
  static let nameLength = 1...63
  /// A private authority and its successor, with a chain each.
  static let authoritiesLength = 0...32_768
  static let hostLength = 1...253
  /// RFC 5425 §4.1.
  static let syslogPort = 6514
}

extension Destination {
  /// Checks what an admin sends.
  ///
  /// - Throws: `Violations`, every one at once, under `destination.`.
  init(
    _ message: CommonV1.Destination, id: DestinationID, tenant: TenantID?, created: Timestamp,
    updated: Timestamp, version: UInt64
  ) throws {
    var violations = Violations()
    violations.text(message.name, "destination.name", length: DestinationLimits.nameLength)
    violations.text(
      message.authorities, "destination.authorities",
      length: DestinationLimits.authoritiesLength, lines: true)
    let known = Set(EventV1.Event.Payload.fieldNames)
    for (index, kind) in message.kinds.enumerated() where !known.contains(kind) {
      violations.add("destination.kinds[\(index)]", "is no kind of event")
    }
    let target = Target(message.target, &violations)
    try violations.check()
    guard let target else { preconditionFailure("no target without a violation") }
    self.init(
      id: id, tenant: tenant, name: message.name, target: target, kinds: Set(message.kinds),
      includesTexts: message.includesTexts, isPaused: message.paused,
      authorities: message.authorities, created: created, updated: updated, version: version)
  }

  /// Reads what the store kept.
  ///
  /// - Throws: `StoredMessageError`.
  init(stored message: CommonV1.Destination) throws {
    guard let id = DestinationID(message.destinationID),
      let created = Timestamp(message.createTime),
      let updated = Timestamp(message.updateTime)
    else { throw StoredMessageError(message: "destination", id: message.destinationID) }
    try self.init(
      message, id: id, tenant: TenantID(message.tenantID), created: created, updated: updated,
      version: message.version)
  }

  var message: CommonV1.Destination { message(hidesQuery: false) }

  /// As events tell of it: a URL's query may hold a secret, and all of the log's readers read them.
  var messageForEvents: CommonV1.Destination { message(hidesQuery: true) }

  private func message(hidesQuery: Bool) -> CommonV1.Destination {
    CommonV1.Destination(
      destinationID: id.description, tenantID: tenant?.text ?? "", name: name,
      target: target.message(hidesQuery: hidesQuery), kinds: kinds.sorted(),
      includesTexts: includesTexts, paused: isPaused, authorities: authorities,
      createTime: .init(created), updateTime: .init(updated), version: version)
  }
}

extension Destination.Target {
  fileprivate init?(_ target: CommonV1.Destination.Target?, _ violations: inout Violations) {
    switch target {
    case .webhook(let webhook): self.init(webhook, &violations)
    case .syslog(let syslog): self.init(syslog, &violations)
    case nil:
      violations.add("destination", "must have a webhook or a syslog")
      return nil
    }
  }

  private init?(_ webhook: CommonV1.WebhookTarget, _ violations: inout Violations) {
    let path = "destination.webhook"
    let url = violations.unwrap(
      HTTPSURL(webhook.url), path + ".url",
      "must be an https URL without user, password and fragment, at most \(HTTPSURL.longest) long")
    switch webhook.format {
    case .cloudEvents, .cloudEventsBinary, .standard, .ocsf: break
    case .unspecified, .unrecognized: violations.add(path + ".format", "is missing")
    }
    let scheme: WebhookKey.Scheme? =
      switch webhook.scheme {
      case .hmacSha256: .shared
      case .ed25519: .signing
      case .unspecified, .unrecognized: nil
      }
    let known = violations.unwrap(scheme, path + ".scheme", "is missing")
    guard let url, let known else { return nil }
    self = .webhook(url, webhook.format, known)
  }

  private init?(_ syslog: CommonV1.SyslogTarget, _ violations: inout Violations) {
    let path = "destination.syslog"
    let port = syslog.port == 0 ? DestinationLimits.syslogPort : Int(syslog.port)
    // The name is resolved and verified; an IPv6 address has colons.
    let text = syslog.host.contains(":") ? "[\(syslog.host)]:\(port)" : "\(syslog.host):\(port)"
    let isGood =
      DestinationLimits.hostLength.contains(syslog.host.utf8.count) && !syslog.host.hasSuffix(".")
    let address = violations.unwrap(
      isGood ? Address(text) : nil, path + ".host", "must be a host's name or address")
    switch syslog.format {
    case .sentence, .cef, .json, .ocsf: break
    case .unspecified, .unrecognized: violations.add(path + ".format", "is missing")
    }
    guard let address else { return nil }
    self = .syslog(address, syslog.format)
  }

  fileprivate func message(hidesQuery: Bool) -> CommonV1.Destination.Target {
    switch self {
    case .webhook(let url, let format, let scheme):
      let text = url.description
      let shown = hidesQuery ? String(text.prefix { $0 != "?" }) : text
      return .webhook(
        .init(
          url: shown, format: format,
          scheme: scheme == .shared ? .hmacSha256 : .ed25519))
    case .syslog(let address, let format):
      return .syslog(.init(host: address.host, port: UInt32(address.port), format: format))
    }
  }
}
