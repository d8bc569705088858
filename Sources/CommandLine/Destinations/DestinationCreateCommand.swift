internal import ArgumentParser
internal import Domain
internal import Files
internal import LockboxProto

struct DestinationCreateCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Send a log somewhere from now on (admins).",
    discussion: """
      A webhook is signed as Standard Webhooks says: the secret (whsec_…) or the public key \
      (whpk_…) is printed once, for the receiver. Syslog goes over TLS only.

      EXAMPLES
        lockboxctl destination create --tenant acme --name SIEM \\
            --webhook https://siem.acme.test/lockbox --format ocsf --scheme ed25519
        lockboxctl destination create --tenant acme --name collector \\
            --syslog syslog.acme.test:6514 --format cef --ca acme-ca.pem
      """)

  @OptionGroup var log: LogOption
  @Option(help: "For people to tell destinations apart.") var name: String
  @Option(help: "An https URL that gets one signed request for each entry.") var webhook: String?
  @Option(help: "A host, or host:port, that takes RFC 5424 over TLS; 6514 by default.")
  var syslog: String?
  @Option(help: "How entries are written.") var format: FeedFormat
  @Option(help: "How webhooks are signed.") var scheme = FeedScheme.hmacSha256
  @OptionGroup var content: FeedContentOptions
  @Flag(help: "Send what is kept of the log so far too, 7 days.") var history = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard (webhook == nil) != (syslog == nil) else {
      throw ValidationError("Give either --webhook or --syslog.")
    }
    let isSyslog = syslog != nil
    guard isSyslog ? format.syslog != nil : format.webhook != nil else {
      let known = FeedFormat.allCases.filter { isSyslog ? $0.syslog != nil : $0.webhook != nil }
      throw ValidationError(
        "\(isSyslog ? "Syslog" : "A webhook") can be "
          + known.map(\.rawValue).joined(separator: ", ") + ".")
    }
  }

  func run(_ session: Session) async throws {
    var destination = CommonV1.Destination(
      tenantID: log.id, name: name, target: try target, kinds: content.kinds,
      includesTexts: content.texts)
    if let ca = content.ca { destination.authorities = try File.readText(ca) }
    let response = try await session.call(
      ExportV1.ExportService.createDestination,
      .init(destination: destination, fromFirstKept: history), at: .export)
    try session.printer.result(response) {
      let id = response.destination?.destinationID ?? ""
      return response.secret.isEmpty ? [id] : [id, response.secret]
    }
  }

  private var target: CommonV1.Destination.Target {
    get throws {
      if let webhook {
        return .webhook(
          .init(url: webhook, format: format.webhook ?? .unspecified, scheme: scheme.message))
      }
      let text = syslog ?? ""
      guard let colon = text.lastIndex(of: ":"),
        let port = UInt32(text[text.index(after: colon)...])
      else { return .syslog(.init(host: text, format: format.syslog ?? .unspecified)) }
      return .syslog(
        .init(host: String(text[..<colon]), port: port, format: format.syslog ?? .unspecified))
    }
  }
}

/// What of the log is sent, and to whom it is safe.
struct FeedContentOptions: ParsableArguments {
  @Option(
    name: .customLong("kind"), parsing: .singleValue,
    help: "Only of this kind, such as grant_revoked; may be repeated.",
    completion: .list(EventV1.Event.Payload.fieldNames))
  var kinds: [String] = []
  @Flag(help: "Send what people wrote too: justifications, comments, questions and answers.")
  var texts = false
  @Option(
    help: "PEM file of the receiver's authority; else those of the service.",
    completion: .file())
  var ca: String?
}

/// How entries are written for a destination.
enum FeedFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
  case cloudEvents = "cloudevents"
  case cloudEventsBinary = "cloudevents-binary"
  case standard
  case ocsf
  case cef
  case json
  case sentence

  /// Nil: not of webhooks.
  var webhook: CommonV1.WebhookFormat? {
    switch self {
    case .cloudEvents: .cloudEvents
    case .cloudEventsBinary: .cloudEventsBinary
    case .standard: .standard
    case .ocsf: .ocsf
    case .cef, .json, .sentence: nil
    }
  }

  /// Nil: not of syslog.
  var syslog: CommonV1.SyslogFormat? {
    switch self {
    case .cef: .cef
    case .json: .json
    case .ocsf: .ocsf
    case .sentence: .sentence
    case .cloudEvents, .cloudEventsBinary, .standard: nil
    }
  }
}

/// How webhooks are signed.
enum FeedScheme: String, Sendable, CaseIterable, ExpressibleByArgument {
  case hmacSha256 = "hmac-sha256"
  case ed25519

  var message: CommonV1.WebhookScheme {
    switch self {
    case .hmacSha256: .hmacSha256
    case .ed25519: .ed25519
    }
  }
}
