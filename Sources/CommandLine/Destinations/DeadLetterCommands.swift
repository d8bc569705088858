internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct DeadLettersCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead-letters", abstract: "List entries that could not be delivered.",
    discussion: """
      EXAMPLES
        lockboxctl destination dead-letters --tenant acme "$id"
      """)

  @OptionGroup var destination: DestinationOption
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (letters, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ExportV1.ExportService.listDeadLetters,
        .init(
          pageSize: limit.pageSize, pageToken: token, tenantID: destination.log.id,
          destinationID: destination.id), at: .export)
      return (page.deadLetters, page.nextPageToken)
    }
    let times = session.shell.times
    try session.printer.table(
      ExportV1.ListDeadLettersResponse(deadLetters: letters), empty: "No dead letters."
    ) {
      var table = Table("INDEX", "EVENT", "TIME", "GIVEN UP", "ATTEMPTS", "LAST FAILURE")
      for letter in letters {
        table.add(
          Styled("\(letter.index)"), Styled(letter.eventID), times.full(letter.time),
          letter.retrying ? Styled("to be sent again", .waiting) : times.full(letter.giveUpTime),
          Styled("\(letter.attempts)"), Styled(letter.lastFailure))
      }
      return table
    }
    session.noteMore(more, than: letters.count)
  }
}

struct DeadLettersRetryCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Send dead letters once more (admins).",
    discussion: """
      They come after entries that were logged later; their webhook-id is the same as before.

      EXAMPLES
        lockboxctl destination retry --tenant acme "$id"
        lockboxctl destination retry --tenant acme "$id" --index 17 --index 18
      """)

  @OptionGroup var destination: DestinationOption
  @Option(
    name: .customLong("index"), parsing: .singleValue,
    help: "Of an entry in the log; may be repeated. None: all.")
  var indexes: [UInt64] = []
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ExportV1.ExportService.retryDeadLetters,
      .init(tenantID: destination.log.id, destinationID: destination.id, indexes: indexes),
      at: .export)
    try session.printer.result(response) { ["\(response.retried) to be sent again."] }
  }
}
