internal import Domain
internal import EvidenceSamples
internal import LockboxProto
internal import MerkleLog
internal import ReferenceTree
internal import Testing
internal import Verification

@Suite("Evidence of a period")
struct EvidenceTests {
  private static let log = SampleLog.fortnight()
  private static let check = EvidenceCheck(log: SampleLog.verifier)
  private static let all = SampleLog.start..<log.now

  private static func day(_ day: Int) -> Timestamp { SampleLog.start + .hours(24 * day) }

  @Test("what a log proves holds, for every run of its entries that covers the period")
  func honest() throws {
    var random = SeededRandom("honest evidence")
    for _ in 0..<40 {
      let first = UInt64.random(in: 0..<(Self.log.size / 2), using: &random)
      let end = UInt64.random(in: first...Self.log.size, using: &random)
      let kept = UInt64.random(in: 0...Self.log.size, using: &random)
      let from = Self.day(4) + .minutes(Int.random(in: 0..<1_000, using: &random))
      let evidence = Self.log.evidence(
        of: from..<(from + .hours(24)), from: first, to: max(end, Self.log.size - 6), kept: kept)
      let files = try EvidenceFolder.files(of: evidence)
      let report = Self.check.check(files: files).0
      let isCovered = report.firstFailure?.check == "whole period"
      #expect(report.holds || isCovered, "\(report.lines)")
      #expect(Self.check.checkRange(files: files).holds)
      #expect(try EvidenceFolder.files(of: evidence) == files)
    }
  }

  @Test("a period of which entries may be left out is not covered")
  func edges() throws {
    let entry = Self.log.grants[1].entry
    let from = Self.day(1)
    let cases: [(ClosedRange<UInt64>, Bool)] = [
      (0...(Self.log.size - 1), true), (0...entry, false), (entry...(Self.log.size - 1), false),
    ]
    for (range, holds) in cases {
      let evidence = Self.log.evidence(
        of: from..<Self.day(13), from: range.lowerBound, to: range.upperBound + 1)
      let report = Self.check.check(evidence)
      #expect(report.holds == holds, "\(report.lines)")
      if !holds { #expect(report.firstFailure?.check == "whole period") }
    }
  }

  @Test("the page holds no markup, no script and no hidden character of others")
  func page() throws {
    let files = try EvidenceFolder.files(of: Self.log.evidence(of: Self.all))
    let page = String(decoding: try #require(files["summary.html"]), as: UTF8.self)
    #expect(page.contains("A &lt;script&gt;alert(1)&lt;/script&gt; in \\u{202e}it"))
    #expect(page.contains("break-glass: the customer did not approve"))
    #expect(page.contains("MA-4 a, d") && page.contains("AU-10"))
    #expect(!page.contains("<script") && !page.contains("http:") && !page.contains("src="))
    #expect(!page.unicodeScalars.contains { $0.value == 0x202E })
    let sums = String(decoding: try #require(files["SHA256SUMS"]), as: UTF8.self)
    #expect(sums.split(separator: "\n").count == files.count - 1)
  }

  @Test("a folder whose log is another one's, or forks from a kept checkpoint, is found")
  func otherLogs() throws {
    let other = SampleLog.fortnight(key: SigningKey(seed: [UInt8](repeating: 9, count: 32))!)
    let foreign = Self.check.check(other.evidence(of: Self.all))
    #expect(foreign.firstFailure?.check == "checkpoint")
    // The same key, another history.
    var fork = SampleLog()
    fork.denial()
    for _ in 0..<30 { fork.denial() }
    var evidence = fork.evidence(of: Self.all, kept: 20)
    evidence.kept = .init(
      checkpoint: Self.log.checkpoint(at: 20), consistency: evidence.kept?.consistency ?? [])
    #expect(Self.check.check(evidence).firstFailure?.check == "consistency")
  }

  @Test("a changed entry is named, whoever made its proof anew")
  func named() throws {
    for index in [UInt64(0), 7, Self.log.size - 1] {
      var evidence = Self.log.evidence(of: Self.all)
      let entry = evidence.entries[Int(index)]
      evidence.entries[Int(index)] = .init(
        index: index, event: entry.event + [0x7A, 0], proof: entry.proof)
      let report = Self.check.check(evidence)
      #expect(report.firstFailure?.entry == index)
      #expect(report.findings.filter { $0.problem != nil }.count == 1)
    }
  }
}
