internal import Storage
internal import Synchronization
internal import TemporaryFiles
internal import Testing

@Suite("Group commit")
struct GroupCommitTests {
  /// Holds the writer thread in a body until it is opened.
  private final class Gate: Sendable {
    private let isEntered = Atomic(false)
    private let isOpen = Atomic(false)

    var holdsSomebody: Bool { isEntered.load(ordering: .acquiring) }

    func open() { isOpen.store(true, ordering: .releasing) }

    func pass() {
      isEntered.store(true, ordering: .releasing)
      while !isOpen.load(ordering: .acquiring) { yieldThread() }
    }
  }

  /// Runs `count` writes that all wait while the writer is held in a first one.
  private func writeTogether(
    _ database: Database, _ count: Int,
    _ body: @escaping @Sendable (Int, Transaction) throws -> Void
  ) async throws -> [Bool] {
    let gate = Gate()
    return try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
      group.addTask {
        try await database.write { _ in gate.pass() }
        return (-1, true)
      }
      while !gate.holdsSomebody { await Task.yield() }
      for id in 0..<count {
        group.addTask {
          do {
            try await database.write { try body(id, $0) }
            return (id, true)
          } catch is Refusal {
            return (id, false)
          }
        }
      }
      while database.waitingWrites < count { await Task.yield() }
      gate.open()
      var succeeded = [Bool](repeating: false, count: count)
      for try await (id, success) in group where id >= 0 { succeeded[id] = success }
      return succeeded
    }
  }

  private struct Refusal: Error {}

  @Test("puts all writes that wait into one transaction", arguments: [1, 8, 64])
  func groups(count: Int) async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let succeeded = try await writeTogether(database, count) { try insert($0, $1) }
    #expect(succeeded.allSatisfy { $0 })
    let counts = database.commitCounts
    #expect(counts.groups == 2)
    #expect(counts.writes == count + 1)
    #expect(counts.largestGroup == count)
    #expect(try await database.itemIDs() == Array(0..<count))
    await database.close()
  }

  @Test("never makes a group larger than its limit")
  func limit() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database) { $0.groupLimit = 10 }
    _ = try await writeTogether(database, 25) { try insert($0, $1) }
    #expect(database.commitCounts.groups == 4)
    #expect(database.commitCounts.groupsBySize.prefix(4) == [1, 0, 1, 2])
    await database.close()
  }

  @Test("undoes a body that throws, its rows and its events, and keeps its neighbours")
  func refusal() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let succeeded = try await writeTogether(database, 9) { id, tx in
      try insert(id, tx)
      try tx.append { [UInt8(id), UInt8($0)] }
      if id % 3 == 1 { throw Refusal() }
    }
    #expect(succeeded == (0..<9).map { $0 % 3 != 1 })
    #expect(database.commitCounts.groups == 2)
    #expect(database.commitCounts.refused == 3)
    #expect(try await database.itemIDs() == [0, 2, 3, 5, 6, 8])
    let records = try await database.feed.read(after: 0, limit: 100)
    #expect(records.map(\.sequence) == [1, 2, 3, 4, 5, 6])
    #expect(records.map { UInt64($0.event[1]) } == [1, 2, 3, 4, 5, 6])
    #expect(records.map { Int($0.event[0]) }.sorted() == [0, 2, 3, 5, 6, 8])
    await database.close()
  }

  @Test("refuses only the write that breaks a constraint")
  func constraint() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    try await database.write { try insert(1, $0) }
    await #expect {
      try await database.write { try insert(1, $0) }
    } throws: { ($0 as? StorageError)?.kind == .constraint(.primaryKey) }
    try await database.write { try insert(2, $0) }
    #expect(try await database.itemIDs() == [1, 2])
    await database.close()
  }

  @Test("lets a cancelled caller's write happen and tells it so")
  func cancellation() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await database.write { tx in
        try insert(1, tx)
        return "written"
      }
    }
    #expect(try await task.value == "written")
    #expect(try await database.itemIDs() == [1])
    await database.close()
  }
}
