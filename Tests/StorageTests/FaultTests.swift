internal import Storage
internal import TemporaryFiles
internal import Testing

@Suite("A disk that fails")
struct FaultTests {
  @Test("when full ends the database: nothing acknowledged is lost, nothing more acknowledged")
  func full() async throws {
    let directory = TemporaryDirectory()
    let fatal = FatalErrors()
    let database = try openDatabase(directory.database, fatal: fatal)
    // The file may not grow: as on a full disk, SQLite answers SQLITE_FULL.
    try await database.write { tx in
      _ = try tx.first("PRAGMA max_page_count = 30") { try $0.int64(0) }
    }
    var acknowledged: [Int] = []
    var refusal: (any Error)?
    for id in 0..<1_000 {
      do {
        try await database.write { try insert(id, $0) }
        acknowledged.append(id)
      } catch {
        refusal = error
        break
      }
    }
    #expect((refusal as? StorageError)?.kind == .full)
    #expect(fatal.all.map(\.kind) == [.full])
    #expect(!acknowledged.isEmpty)
    await #expect {
      try await database.write { try insert(5_000, $0) }
    } throws: { ($0 as? StorageError)?.kind == .full }
    await #expect {
      _ = try await database.feed.wait(after: 0)
    } throws: { ($0 as? StorageError)?.kind == .full }
    await database.close()

    let again = try openDatabase(directory.database)
    #expect(try await again.itemIDs() == acknowledged)
    try await again.write { try insert(5_000, $0) }
    await again.close()
  }

  @Test("cannot be hidden by a body that catches the error")
  func swallowed() async throws {
    let directory = TemporaryDirectory()
    let fatal = FatalErrors()
    let database = try openDatabase(directory.database, fatal: fatal)
    await #expect {
      try await database.write { tx in
        _ = try tx.first("PRAGMA max_page_count = 20") { try $0.int64(0) }
        for id in 0..<1_000 { _ = try? insert(id, tx) }
      }
    } throws: { ($0 as? StorageError)?.kind == .full }
    #expect(fatal.all.map(\.kind) == [.full])
    await database.close()

    let again = try openDatabase(directory.database)
    #expect(try await again.itemIDs().isEmpty)
    await again.close()
  }

  @Test("is not needed to end the database: so does a body that ends the transaction")
  func endedTransaction() async throws {
    let directory = TemporaryDirectory()
    let fatal = FatalErrors()
    let database = try openDatabase(directory.database, fatal: fatal)
    await #expect {
      try await database.write { _ = try $0.execute("ROLLBACK") }
    } throws: { ($0 as? StorageError)?.kind == .misuse }
    #expect(fatal.all.map(\.kind) == [.misuse])
    await database.close()
  }
}
