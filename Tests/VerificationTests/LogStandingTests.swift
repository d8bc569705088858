internal import Domain
internal import EvidenceSamples
internal import LockboxProto
internal import MerkleLog
internal import ReferenceTree
internal import Testing
internal import Verification

@Suite("What is shown of a log")
struct LogStandingTests {
  private func log(_ count: Int, _ word: String = "entry", key: SigningKey? = nil) -> SampleLog {
    var log = SampleLog(key: key)
    for number in 0..<count { log.append(Array("\(word) \(number)".utf8)) }
    return log
  }

  private func entry(_ log: SampleLog, _ index: Int) -> AuditV1.Entry {
    .init(index: UInt64(index), event: log.entries[index])
  }

  @Test("every entry of an honest log is verified, whatever the sizes")
  func honest() async throws {
    for size in 1...20 {
      let log = log(size)
      let source = SampleSource(log)
      for seen in 1...size {
        let standing = try await LogStanding(
          of: source, key: SampleLog.verifier, seen: log.checkpoint(at: UInt64(seen)))
        #expect(standing.seenSize == UInt64(seen) && standing.note == log.checkpoint())
      }
      let standing = try await LogStanding(of: source, key: SampleLog.verifier, seen: nil)
      for index in 0..<size {
        #expect(try await standing.mark(entry(log, index), by: source) == .verified)
        let dropped = AuditV1.Entry(
          index: UInt64(index), leafHash: Hash.leaf(log.entries[index]).bytes)
        #expect(try await standing.mark(dropped, by: source) == .hashOnly)
      }
    }
  }

  @Test("an entry with any bit changed, or at another place, is not")
  func changed() async throws {
    var random = SeededRandom("changed entries")
    let log = log(13)
    let source = SampleSource(log)
    let standing = try await LogStanding(of: source, key: SampleLog.verifier, seen: nil)
    for index in 0..<13 {
      var other = entry(log, index)
      other.event[Int.random(in: 0..<other.event.count, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      #expect(try await standing.mark(other, by: source) == .unverified)
      var moved = entry(log, index)
      moved.index = UInt64((index + 1) % 13)
      #expect(try await standing.mark(moved, by: source) == .unverified)
      moved.index = 13
      #expect(try await standing.mark(moved, by: source) == .unverified)
      var empty = entry(log, index)
      empty.event = []
      empty.leafHash = [UInt8](repeating: 7, count: 32)
      #expect(try await standing.mark(empty, by: source) == .unverified)
    }
    for lie in [\SampleSource.spoilsProofs, \.cutsProofs] {
      var lying = source
      lying[keyPath: lie] = true
      #expect(try await standing.mark(entry(log, 5), by: lying) == .unverified)
    }
  }

  @Test("a log that another key signed stands for nothing")
  func otherKey() async throws {
    let source = SampleSource(log(5, key: .generate()))
    await #expect(throws: LogStanding.Fault.notSigned) {
      try await LogStanding(of: source, key: SampleLog.verifier, seen: nil)
    }
  }

  @Test("entries that were seen and are gone, or are others now, are noticed")
  func history() async throws {
    let seen = log(9).checkpoint()
    await #expect(throws: LogStanding.Fault.shorter(seen: 9, now: 8)) {
      try await LogStanding(of: SampleSource(log(8)), key: SampleLog.verifier, seen: seen)
    }
    for size in [9, 10, 16] {
      await #expect(throws: LogStanding.Fault.rewritten(seen: 9, now: UInt64(size))) {
        try await LogStanding(
          of: SampleSource(log(size, "other")), key: SampleLog.verifier, seen: seen)
      }
    }
    for lie in [\SampleSource.spoilsProofs, \.cutsProofs] {
      var lying = SampleSource(log(12))
      lying[keyPath: lie] = true
      await #expect(throws: LogStanding.Fault.rewritten(seen: 9, now: 12)) {
        try await LogStanding(of: lying, key: SampleLog.verifier, seen: seen)
      }
    }
  }

  @Test("what is no checkpoint of the log counts as none that was seen")
  func foreign() async throws {
    let source = SampleSource(log(5))
    for seen in ["", "nonsense", log(9, key: .generate()).checkpoint()] {
      let standing = try await LogStanding(of: source, key: SampleLog.verifier, seen: seen)
      #expect(standing.seenSize == nil)
    }
  }
}
