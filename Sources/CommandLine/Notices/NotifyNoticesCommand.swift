internal import ArgumentParser
internal import LockboxProto
internal import Words

struct NotifyNoticesCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "notices", abstract: "List who was told of what, newest first.",
    discussion: """
      EXAMPLES
        lockboxctl notify notices --tenant acme
        lockboxctl notify notices --tenant acme --request "$request" --state delivered
      """)

  @OptionGroup var owner: NotifyOwnerOption
  @Option(help: "Of this request only.") var request: String?
  @Option(help: "To this channel only.") var channel: String?
  @Option(
    name: .customLong("state"), parsing: .singleValue,
    help: "In this state only; may be repeated.")
  var states: [NoticeStateArgument] = []
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await session.listNotices(
      .init(
        tenantID: owner.id, requestID: request ?? "", states: states.map(\.message),
        channelID: channel ?? ""), limit, empty: "No notices.")
  }
}

/// What became of a notice, as `--state` takes it.
enum NoticeStateArgument: String, CaseIterable, ExpressibleByArgument {
  case waiting, retrying, delivered
  case givenUp = "given-up"
  case dropped

  var message: NotifyV1.NoticeState {
    switch self {
    case .waiting: .waiting
    case .retrying: .retrying
    case .delivered: .delivered
    case .givenUp: .givenUp
    case .dropped: .dropped
    }
  }
}

struct NotifyDeadLettersListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List notices that could not be delivered.",
    discussion: """
      EXAMPLES
        lockboxctl notify dead-letters list --tenant acme
      """)

  @OptionGroup var owner: NotifyOwnerOption
  @Option(help: "To this channel only.") var channel: String?
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await session.listNotices(
      .init(tenantID: owner.id, states: [.givenUp], channelID: channel ?? ""), limit,
      empty: "No dead letters.")
  }
}

struct NotifyDeadLettersRetryCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Send dead letters once more (admins).",
    discussion: """
      Those whose point is over by now are dropped instead.

      EXAMPLES
        lockboxctl notify dead-letters retry --tenant acme
        lockboxctl notify dead-letters retry --tenant acme --notice "$notice"
      """)

  @OptionGroup var owner: NotifyOwnerOption
  @Option(
    name: .customLong("notice"), parsing: .singleValue, help: "May be repeated. None: all.")
  var notices: [String] = []
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      NotifyV1.NotifyService.retryNotices, .init(tenantID: owner.id, noticeIds: notices),
      at: .notify)
    try session.printer.result(response) { ["\(response.retried) to be sent again."] }
  }
}

extension Session {
  fileprivate func listNotices(
    _ query: NotifyV1.ListNoticesRequest, _ limit: LimitOption, empty: String
  ) async throws {
    let (notices, more) = try await pages(limit) { token in
      var request = query
      request.pageSize = limit.pageSize
      request.pageToken = token
      let page = try await call(
        NotifyV1.NotifyService.listNotices, request, at: .notify)
      return (page.notices, page.nextPageToken)
    }
    let times = shell.times
    try printer.table(NotifyV1.ListNoticesResponse(notices: notices), empty: empty) {
      var table = Table("NOTICE", "TIME", "KIND", "TO", "STATE", "ATTEMPTS", "LAST FAILURE")
      for notice in notices {
        let info = notice.info ?? .init()
        table.add(
          Styled(info.noticeID), times.full(info.createTime), Styled(info.kind.words),
          Styled(info.recipient?.words ?? ""), notice.state.words, Styled("\(notice.attempts)"),
          Styled(notice.lastFailure))
      }
      return table
    }
    noteMore(more, than: notices.count)
  }
}

extension NotifyV1.NoticeState {
  fileprivate var words: Styled {
    switch self {
    case .unspecified: Styled("unknown")
    case .waiting: Styled("waiting", .waiting)
    case .retrying: Styled("retrying", .waiting)
    case .delivered: Styled("delivered", .good)
    case .givenUp: Styled("given up", .bad)
    case .dropped: Styled("dropped", .faint)
    case .unrecognized(let number): Styled("state \(number)")
    }
  }
}
