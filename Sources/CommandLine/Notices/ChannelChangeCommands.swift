internal import ArgumentParser
internal import Files
internal import LockboxProto
internal import Words

struct ChannelCreateCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Send notices somewhere from now on (admins).",
    discussion: """
      A webhook is signed as Standard Webhooks says: the secret (whsec_…) or the public key \
      (whpk_…) is printed once, for the receiver. A chat's URL is its secret: it is read from a file, \
      or from standard input with -, so that it stands in no shell's history.

      EXAMPLES
        lockboxctl notify channels create --tenant acme --name on-call \\
            --webhook https://pager.acme.test/lockbox --kind about-to-expire
        lockboxctl notify channels create --tenant acme --name it --slack slack.url
      """)

  @OptionGroup var owner: NotifyOwnerOption
  @Option(help: "For people to tell channels apart.") var name: String
  @Option(help: "An https URL that gets one signed request for each notice.")
  var webhook: String?
  @Option(help: "A file with the URL of a Slack incoming webhook.", completion: .file())
  var slack: String?
  @Option(help: "A file with the URL of a Teams workflow.", completion: .file())
  var teams: String?
  @Option(help: "How webhooks are signed.") var scheme = FeedScheme.hmacSha256
  @OptionGroup var content: ChannelContentOptions
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard [webhook, slack, teams].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("Give one of --webhook, --slack and --teams.")
    }
  }

  func run(_ session: Session) async throws {
    var channel = CommonV1.Channel(tenantID: owner.id, name: name, target: try target)
    try content.apply(to: &channel)
    let response = try await session.call(
      NotifyV1.NotifyService.createChannel, .init(channel: channel), at: .notify)
    try session.printer.result(response) {
      let id = response.channel?.channelID ?? ""
      return response.secret.isEmpty ? [id] : [id, response.secret]
    }
  }

  private var target: CommonV1.Channel.Target {
    get throws {
      if let webhook { return .webhook(.init(url: webhook, scheme: scheme.message)) }
      if let slack { return .slack(.init(url: try ChannelURL.read(slack))) }
      return .teams(.init(url: try ChannelURL.read(teams ?? "")))
    }
  }
}

struct ChannelUpdateCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a channel, pause or resume it (admins).",
    discussion: """
      What is not given stays. One whose receiver was gone is tried again at once.

      EXAMPLES
        lockboxctl notify channels update --tenant acme "$id" --pause
        lockboxctl notify channels update --tenant acme "$id" --url new-slack.url
      """)

  @OptionGroup var channel: ChannelOption
  @Option(help: "Another name.") var name: String?
  @Option(help: "A file with another URL.", completion: .file()) var url: String?
  @OptionGroup var content: ChannelContentOptions
  @Flag(help: "Every kind again.") var everyKind = false
  @Flag(help: "Send nothing; what comes meanwhile is not sent later.") var pause = false
  @Flag(help: "Send again.") var resume = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard !pause || !resume else { throw ValidationError("Give one of --pause and --resume.") }
    guard content.kinds.isEmpty || !everyKind else {
      throw ValidationError("Give one of --kind and --every-kind.")
    }
  }

  func run(_ session: Session) async throws {
    var changed = try await session.channel(channel)
    if let name { changed.name = name }
    if everyKind { changed.kinds = [] }
    try content.apply(to: &changed)
    if pause || resume { changed.paused = pause }
    if let url { changed.target = changed.target?.with(try ChannelURL.read(url)) }
    let response = try await session.call(
      NotifyV1.NotifyService.updateChannel, .init(channel: changed), at: .notify)
    try session.printer.result(response) {
      let now = response.channel ?? .init()
      return ["\(now.channelID)  \(Printable.line(now.place))\(now.paused ? ", paused" : "")"]
    }
  }
}

/// What goes to a channel, and to whom it is safe.
struct ChannelContentOptions: ParsableArguments {
  @Option(
    name: .customLong("kind"), parsing: .singleValue,
    help: "Only of this kind, such as approval-needed; may be repeated.")
  var kinds: [NoticeKindArgument] = []
  @Option(
    name: .customLong("workload"), parsing: .singleValue,
    help: "Only of requests for this workload; may be repeated.")
  var workloads: [String] = []
  @Option(help: "The tenant's language if not given.") var language: LanguageArgument?
  @Option(
    help: "PEM file of the receiver's authority; else those of the service.",
    completion: .file())
  var ca: String?

  func apply(to channel: inout CommonV1.Channel) throws {
    if !kinds.isEmpty { channel.kinds = kinds.map(\.kind) }
    if !workloads.isEmpty { channel.workloads = workloads }
    if let language { channel.language = language.rawValue }
    if let ca { channel.authorities = try File.readText(ca) }
  }
}

/// A URL that is a secret.
enum ChannelURL {
  /// - Parameter path: of a file; `-` is standard input.
  static func read(_ path: String) throws -> String {
    let text = try File.readText(path == "-" ? "/dev/stdin" : path)
    return String(text.split(whereSeparator: \.isWhitespace).first ?? "")
  }
}

extension CommonV1.Channel.Target {
  fileprivate func with(_ url: String) -> Self {
    switch self {
    case .webhook(let it): .webhook(.init(url: url, scheme: it.scheme))
    case .slack: .slack(.init(url: url))
    case .teams: .teams(.init(url: url))
    }
  }
}

extension Session {
  fileprivate func channel(_ option: ChannelOption) async throws -> CommonV1.Channel {
    var token = ""
    repeat {
      let page = try await call(
        NotifyV1.NotifyService.listChannels,
        .init(pageToken: token, tenantID: option.owner.id), at: .notify)
      let found = page.channels.compactMap(\.channel).first { $0.channelID == option.id }
      if let found { return found }
      token = page.nextPageToken
    } while !token.isEmpty
    throw Failure(.refused, "There is no such channel.")
  }
}
