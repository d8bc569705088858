internal import EvidenceSamples
internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import Testing
internal import Verification

@Suite("Entries in order")
struct EntrySequenceTests {
  private let log = SampleLog.fortnight()

  /// What is thrown for the entries, where something is.
  private func fault(
    _ entries: [[UInt8]], from start: UInt64 = 0, tenant: String = SampleLog.tenant
  ) -> EntryFault? {
    var sequence = EntrySequence(tenantID: tenant, from: start)
    do throws(EntryFault) {
      for (offset, entry) in entries.enumerated() {
        _ = try sequence.take(index: start + UInt64(offset), bytes: entry)
      }
      return nil
    } catch {
      return error
    }
  }

  private func changed(
    _ index: Int, _ change: (inout EventV1.Event) -> Void
  ) throws -> [[UInt8]] {
    var entries = log.entries
    var event = try EventV1.Event(serialized: entries[index])
    change(&event)
    entries[index] = try event.serialized()
    return entries
  }

  @Test("a log as its services wrote it passes, from any entry on")
  func good() {
    for start in 0..<log.entries.count {
      #expect(fault(Array(log.entries[start...]), from: UInt64(start)) == nil)
    }
  }

  @Test("what cannot stand in a log is named with its index")
  func bad() throws {
    #expect(fault(log.entries, tenant: "globex") == .otherLog(0, tenantID: "acme"))
    #expect(fault([[0xFF]]) == .noEvent(0))
    #expect(fault([[]]) == .dropped(0))
    #expect(fault(try changed(4) { $0.time = nil }) == .noEvent(4))
    #expect(fault([log.entries[0], log.entries[0]]) == .outOfOrder(1, feed: "approvals"))
    #expect(fault(try changed(9) { $0.time?.seconds -= 864_000 }) == .timeWentBack(9))
  }

  @Test("an entry that retention has dropped keeps its place")
  func dropped() throws {
    var sequence = EntrySequence(tenantID: SampleLog.tenant)
    _ = try sequence.take(index: 0, bytes: log.entries[0])
    try sequence.pass(index: 1)
    #expect(throws: EntryFault.missing(2, found: 3)) { try sequence.pass(index: 3) }
    _ = try sequence.take(index: 2, bytes: log.entries[2])
    #expect(sequence.next == 3)
  }
}
