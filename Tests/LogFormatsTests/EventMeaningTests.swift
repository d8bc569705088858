internal import LockboxProto
internal import Testing

@testable internal import LogFormats

@Suite struct EventMeaningTests {
  @Test func `Every kind of event has a meaning, and every meaning a kind`() {
    #expect(EventMeaning.rows.keys.sorted() == EventV1.Event.Payload.fieldNames.sorted())
  }

  @Test func `An event of a newer kind is told of all the same`() throws {
    let record = try EntryRecord(index: 1, event: Samples.event(1, nil), texts: .included)
    #expect(record.kind == "unknown")
    #expect(EventMeaning.of("next_year").ocsf == .other)
    for format in EntryFormat.allCases { #expect(format.text(record).contains(record.eventID)) }
  }

  @Test func `Types are classes and activities`() {
    for meaning in EventMeaning.rows.values {
      #expect(meaning.ocsf.typeUID == meaning.ocsf.classUID * 100 + meaning.ocsf.activity.id)
    }
  }

  @Test func `Every kind fits where syslog names it`() {
    for kind in EventV1.Event.Payload.fieldNames {
      #expect(SyslogFormat.name(kind, longest: 32) == kind)
    }
  }
}
