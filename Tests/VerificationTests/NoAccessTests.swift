internal import Domain
internal import EvidenceSamples
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import Testing
internal import Verification

@Suite("No access in a period")
struct NoAccessTests {
  /// Nothing, an access from day 2 on, nothing, and a denial on day 20.
  private static func log(
    access: (inout SampleLog) -> Void = { _ in }, isQuietAfter: Bool = false
  ) -> SampleLog {
    var log = SampleLog()
    log.append(.tenantApplied(.init(version: 1)))
    log.wait(.hours(48))
    access(&log)
    log.wait(day(20) - log.now)
    if !isQuietAfter { log.denial() }
    return log
  }

  private static func day(_ day: Int, hour: Int = 0) -> Timestamp {
    SampleLog.start + .hours(24 * day + hour)
  }

  private static func report(
    _ log: SampleLog, _ period: Range<Timestamp>, from first: UInt64 = 0,
    fetched: Timestamp? = nil, whole: Bool = false
  ) -> Report {
    let evidence = log.evidence(of: period, from: first)
    #expect(EvidenceCheck(log: SampleLog.verifier).checkRange(evidence).holds)
    return NoAccess(in: period, fetched: fetched, demandsWhole: whole).check(evidence)
  }

  @Test("a log without any access proves it, and tells what that rests on")
  func none() {
    let report = Self.report(Self.log(), Self.day(3)..<Self.day(5))
    #expect(report.holds, "\(report.lines)")
    #expect(report.restsOn.count == 2)
  }

  /// How an access begins, which hours of day 2 are asked about, and whether none was open then.
  private static let cases: [(String, @Sendable (inout SampleLog) -> Void, Range<Int>, Bool)] = [
    ("granted within", { $0.grant(for: .hours(2)) }, 0..<1, false),
    ("granted before, lasting into it", { $0.grant(for: .hours(2)) }, 1..<2, false),
    ("over before", { $0.grant(for: .hours(2)) }, 3..<4, true),
    (
      "granted after",
      {
        $0.wait(.hours(5)); $0.grant()
      }, 3..<5, true
    ),
    ("break-glass", { $0.grant(for: .hours(1), isBreakGlass: true) }, 0..<1, false),
    ("granted ahead", { $0.grant(for: .hours(1), start: day(2, hour: 6)) }, 6..<7, false),
    (
      "granted ahead, not yet begun", { $0.grant(for: .hours(1), start: day(2, hour: 6)) }, 1..<5,
      true
    ),
    (
      "revoked before, its token living on",
      { log in
        let grant = log.grant(for: .hours(4))
        log.wait(day(2, hour: 1) - log.now - .minutes(2))
        log.issueToken(for: grant)
        log.wait(.minutes(1))
        log.revoke(grant)
      }, 1..<2, false
    ),
    (
      "revoked before, its token over",
      { log in
        let grant = log.grant(for: .hours(4))
        log.issueToken(for: grant)
        log.wait(.minutes(5))
        log.revoke(grant)
      }, 1..<2, true
    ),
    (
      "given back before it began",
      { log in
        let grant = log.grant(for: .hours(1), start: day(2, hour: 6))
        log.wait(.minutes(1))
        log.revoke(grant)
      }, 6..<7, true
    ),
  ]

  @Test("what is open at a moment of the period is found, and nothing else", arguments: 0..<10)
  func open(number: Int) throws {
    let (name, access, hours, holds) = Self.cases[number]
    let log = Self.log(access: access)
    let period = Self.day(2, hour: hours.lowerBound)..<Self.day(2, hour: hours.upperBound)
    let report = Self.report(log, period)
    #expect(report.holds == holds, "\(name): \(report.lines)")
    guard !holds else { return }
    #expect(report.firstFailure?.entry == log.grants[0].entry, "\(name)")
  }

  @Test("a token of a grant that the entries do not hold is an access")
  func strayToken() {
    let stray = SampleGrant.stray
    var log = Self.log()
    let entry = log.issueToken(for: stray)
    log.wait(.hours(1))
    log.denial()
    let period = (log.now - .hours(2))..<(log.now - .minutes(1))
    #expect(Self.report(log, period).firstFailure?.entry == entry)
  }

  @Test("an entry of a kind that nobody knows yet proves nothing")
  func unknownKind() throws {
    var log = Self.log()
    // Field 2000, an empty message.
    let bytes = try #require(log.entries.last)
    var event = try EventV1.Event(serialized: bytes)
    event.payload = nil
    event.sequence += 1
    let entry = log.append(try event.serialized() + [0x82, 0x7D, 0x00])
    let report = Self.report(log, Self.day(3)..<Self.day(5))
    #expect(report.firstFailure?.entry == entry)
  }

  @Test("a range proves it only from long enough before, and only as far as the log was looked at")
  func edges() {
    let quiet = Self.log(isQuietAfter: true)
    let period = Self.day(10)..<Self.day(12)
    #expect(!Self.report(quiet, period).holds)
    #expect(!Self.report(quiet, period, fetched: Self.day(11)).holds)
    #expect(Self.report(quiet, period, fetched: Self.day(12)).holds)

    let log = Self.log { $0.grant(for: .hours(1)) }
    let before = log.grants[0].entry
    // The approval is of day 2: eight days before day 10, and not before day 9.
    #expect(Self.report(log, Self.day(11)..<Self.day(12), from: before).holds)
    let late = Self.report(log, Self.day(9)..<Self.day(12), from: before)
    #expect(late.firstFailure?.entry == before)
    #expect(!Self.report(log, Self.day(11)..<Self.day(12), from: before, whole: true).holds)
    #expect(Self.report(log, Self.day(11)..<Self.day(12), whole: true).holds)
  }

  @Test("an approval that is dated back is found")
  func datedBack() {
    var log = Self.log()
    log.wait(.zero - .hours(24))
    log.denial()
    let report = Self.report(log, Self.day(3)..<Self.day(5))
    #expect(report.firstFailure?.check == "order of the entries")
    #expect(report.firstFailure?.entry == log.size - 2)
  }
}
