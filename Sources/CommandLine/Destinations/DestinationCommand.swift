internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import Words

struct DestinationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "destination",
    abstract: "Where a log is sent as it grows: webhooks and syslog.",
    discussion: """
      For a tenant's admins; the provider's own log (no --tenant) for operators. Lists are for \
      auditors too.

      EXAMPLES
        lockboxctl destination create --tenant acme --name SIEM \\
            --webhook https://siem.acme.test/lockbox --format ocsf
        lockboxctl destination list --tenant acme
        lockboxctl destination dead-letters --tenant acme "$id"
      """,
    subcommands: [
      DestinationCreateCommand.self, DestinationListCommand.self, DestinationUpdateCommand.self,
      DestinationRotateCommand.self, DestinationTestCommand.self, DestinationDeleteCommand.self,
      DeadLettersCommand.self, DeadLettersRetryCommand.self,
    ])
}

/// Which destination of which log.
struct DestinationOption: ParsableArguments {
  @OptionGroup var log: LogOption
  @Argument(help: "The destination's id.") var id: String
}

struct DestinationListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List a log's destinations and how they are doing.",
    discussion: """
      EXAMPLES
        lockboxctl destination list --tenant acme
        lockboxctl destination list --tenant acme --output json | jq .destinations
      """)

  @OptionGroup var log: LogOption
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (statuses, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ExportV1.ExportService.listDestinations,
        .init(pageSize: limit.pageSize, pageToken: token, tenantID: log.id), at: .export)
      return (page.destinations, page.nextPageToken)
    }
    try session.printer.table(
      ExportV1.ListDestinationsResponse(destinations: statuses), empty: "No destinations."
    ) {
      var table = Table("DESTINATION", "NAME", "TO", "STATE", "WAITING", "DEAD", "LAST FAILURE")
      for status in statuses {
        let destination = status.destination ?? .init()
        table.add(
          Styled(destination.destinationID), Styled(destination.name), Styled(destination.place),
          status.state.words, Styled("\(status.waiting)"), Styled("\(status.deadLetters)"),
          Styled(status.lastFailure))
      }
      return table
    }
    session.noteMore(more, than: statuses.count)
  }
}

struct DestinationRotateCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Make a new secret or key for a webhook (admins).",
    discussion: """
      The old one signs too for 24 hours: give the receiver the new one within that time.

      EXAMPLES
        lockboxctl destination rotate --tenant acme "$id"
      """)

  @OptionGroup var destination: DestinationOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ExportV1.ExportService.rotateDestinationSecret,
      .init(tenantID: destination.log.id, destinationID: destination.id), at: .export)
    try session.printer.result(response) {
      let times = session.shell.times
      return [
        response.secret,
        "The old one signs too until \(times.full(response.oldSecretExpireTime).text).",
      ]
    }
  }
}

struct DestinationTestCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Send one message, and say what came of it (admins).",
    discussion: """
      EXAMPLES
        lockboxctl destination test --tenant acme "$id"
      """)

  @OptionGroup var destination: DestinationOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ExportV1.ExportService.testDestination,
      .init(tenantID: destination.log.id, destinationID: destination.id), at: .export)
    guard response.delivered else {
      throw Failure(.refused, "Not delivered: \(Printable.line(response.result)).")
    }
    try session.printer.result(response) { ["Delivered."] }
  }
}

struct DestinationDeleteCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Send nothing there any more (admins).",
    discussion: """
      What waits for it is not sent, and its dead letters go; the log itself keeps everything.

      EXAMPLES
        lockboxctl destination delete --tenant acme "$id"
      """)

  @OptionGroup var destination: DestinationOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ExportV1.ExportService.deleteDestination,
      .init(tenantID: destination.log.id, destinationID: destination.id), at: .export)
    try session.printer.result(response) { ["Deleted."] }
  }
}
