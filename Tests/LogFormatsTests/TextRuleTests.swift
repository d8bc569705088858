internal import LockboxProto
internal import LogFormats
internal import Testing

@Suite struct TextRuleTests {
  private static let secret = "Zwiebelkuchen"

  @Test func `What people wrote stays where it is not asked for`() throws {
    for (index, event) in Samples.all(comment: Self.secret).enumerated() {
      let record = try EntryRecord(index: UInt64(index), event: event, texts: .withheld)
      for text in Self.everything(record) {
        #expect(!text.contains(Self.secret), "\(record.kind)")
        // The statement that was signed holds the comment, in base64.
        #expect(!text.contains("WndpZWJlbGt1Y2hlbg"), "\(record.kind)")
      }
    }
  }

  @Test func `What people wrote is there where it is asked for`() throws {
    let kinds = try Samples.all(comment: Self.secret).enumerated().compactMap { index, event in
      let record = try EntryRecord(index: UInt64(index), event: event, texts: .included)
      let texts = Self.everything(record).filter { $0.contains(Self.secret) }
      return texts.isEmpty ? nil : record.kind
    }
    #expect(
      kinds == [
        "access_request_received", "withdrawal_received", "decision_recorded",
        "access_request_withdrawn", "thread_entry_added", "grant_revoked",
        "break_glass_review_closed",
      ])
  }

  private static func everything(_ record: EntryRecord) -> [String] {
    let syslog = SyslogFormat.Body.allCases.map {
      SyslogFormat($0, hostname: "h").message(record)
    }
    let event = CloudEventFormat(record)
    return EntryFormat.allCases.map { $0.text(record) } + syslog
      + [event.body, StandardWebhookFormat.body(record)] + event.fields.map(\.value)
  }
}
