public import ArgumentParser
internal import Domain
internal import DomainProto
internal import LockboxProto
public import LogFormats
internal import ProtobufC
internal import StandardProto
internal import Words

/// Which entries of a log.
struct EntryFilter: ParsableArguments {
  @OptionGroup var log: LogOption
  @Option(help: "Only of this request.") var request: RequestID?
  @Option(help: "Only what this person caused, by subject id.") var person: String?
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

  /// Prints the entries, those with certain words where there are any.
  func list(_ session: Session, text: String = "") async throws {
    let (entries, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        AuditV1.AuditService.listEntries,
        .init(
          pageSize: limit.pageSize, pageToken: token, tenantID: log.id,
          requestID: request?.description ?? "", kinds: kinds, startTime: after?.message,
          endTime: before?.message, person: person ?? "", text: text), at: .audit)
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
    guard entry.leafHash.isEmpty else {
      add(Styled("\(entry.index)"), "", Styled("dropped by retention", .faint), "", "", "")
      return
    }
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
  /// The event in an entry as one line of JSON; nothing for one that retention has dropped.
  func event(_ entry: AuditV1.Entry) throws(Failure) {
    guard entry.leafHash.isEmpty else {
      return shell.note("entry \(entry.index): dropped by retention")
    }
    guard let event = try? EventV1.Event(serialized: entry.event) else {
      throw Failure(.refused, "Entry \(entry.index) holds no event.")
    }
    try json(event)
  }
}

extension EntryFormat: ExpressibleByArgument {}

extension Printer {
  /// Entries for other programs, after the format's header; without those that retention dropped.
  fileprivate func entries(
    _ entries: [AuditV1.Entry], _ format: EntryFormat, texts: Bool
  ) throws(Failure) {
    if let header = format.header { shell.print(header) }
    for entry in entries {
      guard entry.leafHash.isEmpty else {
        shell.note("entry \(entry.index): dropped by retention")
        continue
      }
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
  var message: GoogleProtobuf.Timestamp { .init(nanosecondsSinceEpoch: nanoseconds) }
}
