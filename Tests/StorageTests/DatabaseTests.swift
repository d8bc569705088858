internal import Storage
internal import TemporaryFiles
internal import Testing

@Suite("A database")
struct DatabaseTests {
  @Test("keeps what was written across a restart, and the clock's high-water mark")
  func restart() async throws {
    let directory = TemporaryDirectory()
    let first = try openDatabase(directory.database, clock: { 42 })
    try await first.write { try insert(1, $0) }
    #expect(first.clockMark == 42)
    await first.close()

    let second = try openDatabase(directory.database, clock: { 7 })
    #expect(second.clockMark == 42)
    #expect(try await second.itemIDs() == [1])
    let times = try await second.write { [$0.now, $0.highWater] }
    #expect(times == [7, 42])
    #expect(second.clockMark == 42)
    await second.close()
  }

  @Test("is written with synchronous=FULL, foreign keys and a write-ahead log")
  func settings() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let settings = try await database.write { tx in
      [
        try tx.first("PRAGMA synchronous") { try $0.get(0, as: Int.self) },
        try tx.first("PRAGMA foreign_keys") { try $0.get(0) },
      ]
    }
    #expect(settings == [2, 1])
    let mode = try await database.read { connection in
      try connection.first("PRAGMA journal_mode") { try $0.get(0, as: String.self) }
    }
    #expect(mode == "wal")
    await database.close()
  }

  @Test("refuses to write on a reader's connection")
  func readersRead() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    await #expect(throws: StorageError.self) {
      try await database.read { connection in
        _ = try connection.execute("INSERT INTO item (id, body) VALUES (1, x'00')")
      }
    }
    #expect(try await database.itemIDs().isEmpty)
    await database.close()
  }

  @Test("finishes waiting writes when it closes, and refuses later ones")
  func closing() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    await withTaskGroup(of: Void.self) { group in
      for id in 0..<50 { group.addTask { try? await database.write { try insert(id, $0) } } }
      await group.waitForAll()
    }
    await database.close()
    await database.close()
    await #expect {
      try await database.write { try insert(99, $0) }
    } throws: { ($0 as? StorageError)?.kind == .closed }
    await #expect {
      _ = try await database.itemIDs()
    } throws: { ($0 as? StorageError)?.kind == .closed }
    await #expect {
      _ = try await database.feed.wait(after: 0)
    } throws: { ($0 as? StorageError)?.kind == .closed }

    let again = try openDatabase(directory.database)
    #expect(try await again.itemIDs() == Array(0..<50))
    await again.close()
  }

  @Test(
    "moves the write-ahead log into the file while writes go on", .timeLimit(.minutes(1)))
  func checkpoints() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database) { $0.checkpointPages = 40 }
    var count = 0
    while database.checkpoints < 3 {
      let id = count
      try await database.write { try insert(id, $0) }
      count += 1
    }
    #expect(try await database.itemIDs() == Array(0..<count))
    await database.close()
  }
}
