internal import LockboxProto
internal import LogFormats
internal import Testing

/// Every kind of event in every format, word for word.
@Suite struct FormatGoldenTests {
  @Test func `There is a sample of every kind of event`() {
    let kinds = Samples.all().compactMap { $0.payload?.fieldName }
    #expect(kinds.sorted() == EventV1.Event.Payload.fieldNames.sorted())
  }

  @Test(arguments: EntryFormat.allCases)
  func `A format writes every kind as it did`(_ format: EntryFormat) throws {
    let lines = try records(.included).map { format.text($0) }
    let text = ((format.header.map { [$0] } ?? []) + lines).joined(separator: "\n") + "\n"
    try expectGolden(text, "\(format.rawValue).txt")
  }

  @Test(arguments: SyslogFormat.Body.allCases)
  func `Syslog writes every kind as it did`(_ body: SyslogFormat.Body) throws {
    let format = SyslogFormat(body, hostname: "export.example")
    let text = try records(.included).map { format.message($0) + "\n" }.joined()
    try expectGolden(text, "syslog-\(body).txt")
  }

  @Test func `Webhooks carry every kind as they did`() throws {
    var text = ""
    for record in try records(.included) {
      let event = CloudEventFormat(record)
      text += event.fields.map { "\($0.name): \($0.value)\n" }.joined() + "\n\(event.body)\n\n"
      text += StandardWebhookFormat.body(record) + "\n\n"
    }
    try expectGolden(text, "webhooks.txt")
  }

  private func records(_ texts: TextRule) throws -> [EntryRecord] {
    try Samples.all().enumerated().map {
      try EntryRecord(index: UInt64($0), event: $1, texts: texts)
    }
  }
}
