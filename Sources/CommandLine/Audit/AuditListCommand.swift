public import ArgumentParser
internal import Domain
internal import DomainProto
internal import LockboxProto
public import LogFormats
internal import ProtobufC
internal import StandardProto
internal import Words

struct AuditListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List entries of a log, oldest first.",
    discussion: """
      --output json prints the entries as logged (base64: the leaves of the tree); --events prints \
      the events in them instead, one line of JSON each.

      EXAMPLES
        lockboxctl audit list --tenant acme --kind grant_revoked
        lockboxctl audit list --tenant acme --after 2026-11-01T00:00:00Z --limit 0
        lockboxctl audit list --tenant acme --events | jq -r .requestId
        lockboxctl audit list --tenant acme --limit 0 --format csv --texts > acme.csv
      """)

  @OptionGroup var log: LogOption
  @Option(help: "Only of this request.") var request: RequestID?
  @Option(
    name: .customLong("kind"), parsing: .singleValue,
    help: "Only of this kind, such as stage_opened; may be repeated.",
    completion: .list(EventV1.Event.Payload.fieldNames))
  var kinds: [String] = []
  @Option(help: "From this moment on (RFC 3339).") var after: Timestamp?
  @Option(help: "Before this moment (RFC 3339).") var before: Timestamp?
  @Flag(help: "Print the events as JSON, one a line.") var events = false
  @Option(help: "Print the entries for other programs, as security tools read them.")
  var format: EntryFormat?
  @Flag(help: "With --format: what people wrote too, justifications and comments.")
  var texts = false
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard format == nil || !events else {
      throw ValidationError("Give one of --events and --format.")
    }
    for kind in kinds where !EventV1.Event.Payload.fieldNames.contains(kind) {
      let hint = NearestWord.to(kind, among: EventV1.Event.Payload.fieldNames).map {
        "did you mean \($0)?"
      }
      throw ValidationError(
        "'\(kind)' is no kind of event; "
          + (hint ?? "known are \(EventV1.Event.Payload.fieldNames.joined(separator: ", "))."))
    }
  }

  func run(_ session: Session) async throws {
    let (entries, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        AuditV1.AuditService.listEntries,
        .init(
          pageSize: limit.pageSize, pageToken: token, tenantID: log.id,
          requestID: request?.description ?? "", kinds: kinds, startTime: after?.message,
          endTime: before?.message), at: .audit)
      return (page.entries, page.nextPageToken)
    }
    if let format {
      try session.printer.entries(entries, format, texts: texts)
      return session.noteMore(more, than: entries.count)
    }
    if events {
      for entry in entries { try session.printer.event(entry) }
      return
    }
    try session.printer.table(AuditV1.ListEntriesResponse(entries: entries), empty: "No entries.") {
      var table = Table("INDEX", "TIME", "EVENT", "REQUEST", "WHO", "WHAT")
      for entry in entries { table.add(entry, session.shell.times) }
      return table
    }
    session.noteMore(more, than: entries.count)
  }
}

extension Table {
  fileprivate mutating func add(_ entry: AuditV1.Entry, _ times: LocalTime) {
    guard let event = try? EventV1.Event(serialized: entry.event) else {
      add(Styled("\(entry.index)"), "", Styled("not an event", .bad), "", "", "")
      return
    }
    add(
      Styled("\(entry.index)"), Styled(Timestamp(event.time).map { times.clock($0) } ?? ""),
      Styled(event.kind), Styled(event.requestID), Styled(event.who), Styled(event.summary))
  }
}

extension Printer {
  /// The event in an entry as one line of JSON.
  func event(_ entry: AuditV1.Entry) throws(Failure) {
    guard let event = try? EventV1.Event(serialized: entry.event) else {
      throw Failure(.refused, "Entry \(entry.index) holds no event.")
    }
    try json(event)
  }
}

extension EntryFormat: ExpressibleByArgument {}

extension Printer {
  /// Entries for other programs, after the format's header.
  fileprivate func entries(
    _ entries: [AuditV1.Entry], _ format: EntryFormat, texts: Bool
  ) throws(Failure) {
    if let header = format.header { shell.print(header) }
    for entry in entries {
      let record = try? EntryRecord(
        index: entry.index, event: entry.event, texts: texts ? .included : .withheld)
      guard let record else {
        throw Failure(.refused, "Entry \(entry.index) holds no event.")
      }
      shell.print(format.text(record))
    }
  }
}

extension Timestamp {
  fileprivate var message: GoogleProtobuf.Timestamp { .init(nanosecondsSinceEpoch: nanoseconds) }
}
