internal import Domain
internal import EvidenceSamples
internal import MerkleLog
internal import Testing
internal import Verification

@Suite("Evidence of a period, collected")
struct CollectorTests {
  private static let log = SampleLog.fortnight()
  private static func day(_ day: Int) -> Timestamp { SampleLog.start + .hours(24 * day) }

  private func collect(
    _ source: SampleSource, from: Int = 3, to: Int = 5, isWhole: Bool = false,
    since: String? = nil, most: UInt64 = .max
  ) async throws -> PeriodEvidence {
    try await EvidenceCollector(
      source, of: SampleLog.tenant, key: SampleLog.verifier,
      period: Self.day(from)..<Self.day(to), mostEntries: most
    ).evidence(isWhole: isWhole, since: since)
  }

  @Test("of an honest log it holds, for every pair of days")
  func honest() async throws {
    let check = EvidenceCheck(log: SampleLog.verifier)
    for (from, to, isWhole) in [(0, 14, false), (3, 5, false), (3, 5, true), (13, 20, false)] {
      let evidence = try await collect(
        SampleSource(Self.log), from: from, to: to, isWhole: isWhole,
        since: Self.log.checkpoint(at: 4))
      let report = check.check(files: try EvidenceFolder.files(of: evidence)).0
      #expect(report.firstFailure == nil, "days \(from) to \(to)")
      #expect(!isWhole || evidence.firstIndex == 0)
    }
  }

  @Test("of a log that lies nothing is made")
  func lies() async throws {
    var spoiled = SampleSource(Self.log)
    spoiled.spoilsProofs = true
    var cut = SampleSource(Self.log)
    cut.cutsProofs = true
    var other = SampleSource(Self.log)
    var shown = SampleLog(key: .generate())
    for entry in Self.log.entries.dropLast() { shown.append(entry) }
    other.shown = shown
    for source in [spoiled, cut, other] {
      await #expect(throws: LogFault.self) {
        try await collect(source, from: 0, to: 20, since: Self.log.checkpoint(at: 4))
      }
    }
    await #expect(throws: LogFault.self) {
      try await collect(SampleSource(Self.log), since: "no checkpoint")
    }
  }

  @Test("a period with more entries than wanted is refused before they are fetched")
  func bounded() async throws {
    let count = UInt64(try await collect(SampleSource(Self.log)).entries.count)
    _ = try await collect(SampleSource(Self.log), most: count)
    await #expect(throws: PeriodTooLong.self) {
      try await collect(SampleSource(Self.log), most: count - 1)
    }
  }
}
