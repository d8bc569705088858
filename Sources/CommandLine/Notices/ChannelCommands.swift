internal import ArgumentParser
internal import LockboxProto
internal import Words

/// Which channel of whose.
struct ChannelOption: ParsableArguments {
  @OptionGroup var owner: NotifyOwnerOption
  @Argument(help: "The channel's id.") var id: String
}

struct ChannelListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List channels and how they are doing.",
    discussion: """
      EXAMPLES
        lockboxctl notify channels list --tenant acme
      """)

  @OptionGroup var owner: NotifyOwnerOption
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (statuses, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        NotifyV1.NotifyService.listChannels,
        .init(pageSize: limit.pageSize, pageToken: token, tenantID: owner.id), at: .notify)
      return (page.channels, page.nextPageToken)
    }
    try session.printer.table(
      NotifyV1.ListChannelsResponse(channels: statuses), empty: "No channels."
    ) {
      var table = Table("CHANNEL", "NAME", "TO", "STATE", "WAITING", "DEAD", "LAST FAILURE")
      for status in statuses {
        let channel = status.channel ?? .init()
        table.add(
          Styled(channel.channelID), Styled(channel.name), Styled(channel.place),
          status.state.words, Styled("\(status.waiting)"), Styled("\(status.deadLetters)"),
          Styled(status.lastFailure))
      }
      return table
    }
    session.noteMore(more, than: statuses.count)
  }
}

struct ChannelRotateCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Make a new secret or key for a webhook (admins).",
    discussion: """
      The old one signs too for 24 hours: give the receiver the new one within that time.

      EXAMPLES
        lockboxctl notify channels rotate --tenant acme "$id"
      """)

  @OptionGroup var channel: ChannelOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      NotifyV1.NotifyService.rotateChannelSecret,
      .init(tenantID: channel.owner.id, channelID: channel.id), at: .notify)
    try session.printer.result(response) {
      let times = session.shell.times
      return [
        response.secret,
        "The old one signs too until \(times.full(response.oldSecretExpireTime).text).",
      ]
    }
  }
}

struct ChannelTestCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Send one notice, and say what came of it (admins).",
    discussion: """
      EXAMPLES
        lockboxctl notify channels test --tenant acme "$id"
      """)

  @OptionGroup var channel: ChannelOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      NotifyV1.NotifyService.testChannel,
      .init(tenantID: channel.owner.id, channelID: channel.id), at: .notify)
    guard response.delivered else {
      throw Failure(.refused, "Not delivered: \(Printable.line(response.result)).")
    }
    try session.printer.result(response) { ["Delivered."] }
  }
}

struct ChannelDeleteCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Send nothing there any more (admins).",
    discussion: """
      EXAMPLES
        lockboxctl notify channels delete --tenant acme "$id"
      """)

  @OptionGroup var channel: ChannelOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      NotifyV1.NotifyService.deleteChannel,
      .init(tenantID: channel.owner.id, channelID: channel.id), at: .notify)
    try session.printer.result(response) { ["Deleted."] }
  }
}

extension NotifyV1.ChannelState {
  fileprivate var words: Styled {
    switch self {
    case .unspecified: Styled("unknown")
    case .delivering: Styled("delivering", .good)
    case .retrying: Styled("retrying", .waiting)
    case .paused: Styled("paused", .waiting)
    case .disabled: Styled("gone", .bad)
    case .unrecognized(let number): Styled("state \(number)")
    }
  }
}
