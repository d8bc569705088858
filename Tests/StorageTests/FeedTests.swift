internal import Storage
internal import TemporaryFiles
internal import Testing

@Suite("A feed")
struct FeedTests {
  private struct Refusal: Error {}

  @Test(
    "is dense and commit-ordered under concurrent writers that fail at random",
    arguments: [1, 2, 3] as [UInt64])
  func dense(seed: UInt64) async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let written = await withTaskGroup(of: [UInt64].self) { group in
      for writer in 0..<16 {
        group.addTask {
          var random = SeededGenerator(seed: seed &* 1_000 &+ UInt64(writer))
          var sequences: [UInt64] = []
          for _ in 0..<40 {
            let count = Int.random(in: 0...3, using: &random)
            let fails = Bool.random(using: &random)
            let result = try? await database.write { tx -> [UInt64] in
              let sequences = try (0..<count).map { _ in try tx.append { $0.littleEndianBytes } }
              if fails { throw Refusal() }
              return sequences
            }
            sequences += result ?? []
          }
          return sequences
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(written.sorted() == Array(1...UInt64(written.count)), "seed \(seed)")
    #expect(database.feed.last == UInt64(written.count))
    let records = try await database.feed.read(after: 0, limit: .max)
    #expect(records.map(\.sequence) == Array(1...UInt64(written.count)))
    #expect(records.allSatisfy { $0.event == $0.sequence.littleEndianBytes })
    await database.close()

    let again = try openDatabase(directory.database)
    #expect(try await again.write { try $0.append { $0.littleEndianBytes } } == again.feed.last)
    #expect(again.feed.last == UInt64(written.count) + 1)
    await again.close()
  }

  @Test("loses no record for a subscriber that waits while others write")
  func subscribers() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let total: UInt64 = 400
    let seen = try await withThrowingTaskGroup(of: [UInt64].self) { group in
      for subscriber in 1...6 {
        group.addTask {
          var sequences: [UInt64] = []
          while (sequences.last ?? 0) < total {
            let records = try await database.feed.next(
              after: sequences.last ?? 0, limit: subscriber * 3)
            sequences += records.map(\.sequence)
          }
          return sequences
        }
      }
      for writer in 0..<8 {
        group.addTask {
          for _ in 0..<(Int(total) / 8) {
            _ = try await database.write { try $0.append { _ in [UInt8(writer)] } }
          }
          return []
        }
      }
      var seen: [[UInt64]] = []
      for try await sequences in group where !sequences.isEmpty { seen.append(sequences) }
      return seen
    }
    #expect(seen.count == 6)
    #expect(seen.allSatisfy { $0 == Array(1...total) })
    await database.close()
  }

  @Test("lets a cancelled subscriber go, before and while it waits")
  func cancellation() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    for round in 0..<200 {
      let task = Task {
        if round % 2 == 0 { await Task.yield() }
        return try await database.feed.wait(after: 0)
      }
      if round % 3 == 0 { await Task.yield() }
      task.cancel()
      await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
    await database.close()
  }

  @Test(
    "reads what fits, and at least one event",
    arguments: [
      (0, 10, 1_000, [1, 2, 3, 4] as [UInt64]), (0, 2, 1_000, [1, 2]), (2, 10, 1_000, [3, 4]),
      (0, 10, 200, [1, 2]), (0, 10, 299, [1, 2]), (0, 10, 1, [1]), (4, 10, 1_000, []),
      (9, 10, 1_000, []),
    ])
  func limits(after: UInt64, limit: Int, maxBytes: Int, expected: [UInt64]) async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    for _ in 0..<4 {
      _ = try await database.write { tx in try tx.append { _ in [UInt8](repeating: 1, count: 100) }
      }
    }
    let records = try await database.feed.read(after: after, limit: limit, maxBytes: maxBytes)
    #expect(records.map(\.sequence) == expected)
    await database.close()
  }

  @Test("that lost a record is not read past it")
  func hole() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    for _ in 0..<3 { _ = try await database.write { try $0.append { _ in [1] } } }
    try await database.write { _ = try $0.execute("DELETE FROM feed WHERE sequence = 2") }
    await #expect {
      _ = try await database.feed.read(after: 0, limit: 10)
    } throws: { ($0 as? StorageError)?.kind == .gap(expected: 2, found: 3) }
    await database.close()
  }
}

@Suite("A cursor")
struct CursorTests {
  @Test("goes on only from where it stands")
  func gaps() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    #expect(try await database.write { try $0.cursor(of: "intake") } == 0)
    try await database.write { try $0.advanceCursor(of: "intake", from: 0, to: 5) }
    for from in [0, 4, 6] as [UInt64] {
      await #expect {
        try await database.write { try $0.advanceCursor(of: "intake", from: from, to: 9) }
      } throws: { ($0 as? StorageError)?.kind == .gap(expected: 5, found: from) }
    }
    await #expect {
      try await database.write { try $0.advanceCursor(of: "intake", from: 5, to: 5) }
    } throws: { ($0 as? StorageError)?.kind == .outOfRange }
    try await database.write { try $0.advanceCursor(of: "intake", from: 5, to: 6) }
    #expect(try await database.read { try $0.cursor(of: "intake") } == 6)
    #expect(try await database.read { try $0.cursor(of: "expiry") } == 0)
    await database.close()
  }
}

extension UInt64 {
  fileprivate var littleEndianBytes: [UInt8] {
    withUnsafeBytes(of: littleEndian, Array.init)
  }
}
