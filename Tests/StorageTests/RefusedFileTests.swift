internal import Glibc
internal import Storage
internal import TemporaryFiles
internal import Testing

@Suite("A file that cannot be used")
struct RefusedFileTests {
  /// Makes a database with some rows and closes it.
  private func makeDatabase(_ path: String, rows: Int = 1) async throws {
    let database = try openDatabase(path)
    try await database.write { tx in for id in 0..<rows { try insert(id, tx) } }
    await database.close()
  }

  private func overwrite(_ path: String, at offset: Int, with bytes: [UInt8]) {
    let descriptor = open(path, O_RDWR)
    #expect(pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count)
    close(descriptor)
  }

  private func failure(
    _ body: () throws -> Database, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> StorageError {
    let error = #expect(throws: StorageError.self, sourceLocation: sourceLocation) {
      _ = try body()
    }
    return try #require(error, sourceLocation: sourceLocation)
  }

  @Test("held by another process is refused at once, naming the process")
  func locked() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let error = try failure { try openDatabase(directory.database) }
    #expect(error.kind == .inUse(by: "storage-tests, pid \(getpid())"))
    #expect(
      error.description == """
        \(directory.database): another process uses this file: storage-tests, pid \(getpid()), \
        while locking it. Stop the other process, or give this service a file of its own.
        """)
    await database.close()
  }

  @Test("in a directory that is not there is refused")
  func missingDirectory() throws {
    let directory = TemporaryDirectory()
    let error = try failure { try openDatabase(directory.path + "/none/test.db") }
    #expect(error.kind == .cannotOpen)
    #expect(error.description.contains("No such file or directory"))
  }

  @Test("with a newer schema is refused")
  func newerSchema() async throws {
    let directory = TemporaryDirectory()
    try await makeDatabase(directory.database)
    let error = try failure { try openDatabase(directory.database, migrations: []) }
    #expect(error.kind == .newerSchema(file: 1, program: 0))
    #expect(error.description.hasSuffix("Start the newer version of this service again."))
  }

  @Test("of another service is refused")
  func foreign() async throws {
    let directory = TemporaryDirectory()
    try await makeDatabase(directory.database)
    let error = try failure { try openDatabase(directory.database) { $0.applicationID = 5 } }
    #expect(error.kind == .foreignFile(applicationID: 0x4c42_5854))
  }

  @Test("that is no database is refused")
  func notADatabase() async throws {
    let directory = TemporaryDirectory()
    try await makeDatabase(directory.database)
    overwrite(directory.database, at: 0, with: Array("This is a letter to my aunt.".utf8))
    let error = try failure { try openDatabase(directory.database) }
    #expect(error.kind == .notADatabase)
    #expect(error.description.contains("file is not a database"))
  }

  @Test("that is damaged is refused by the check at opening")
  func corrupt() async throws {
    let directory = TemporaryDirectory()
    try await makeDatabase(directory.database, rows: 100)
    for page in 3..<12 {
      let noise = [UInt8](repeating: 0xa5, count: 4_096)
      overwrite(directory.database, at: page * 4_096, with: noise)
    }
    let error = try failure { try openDatabase(directory.database) { $0.checksAtOpening = true } }
    #expect(error.kind == .corrupt)
    #expect(error.description.contains("restore it from a backup"))
  }

  @Test("can be read by its owner only")
  func mode() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    try await database.write { try insert(1, $0) }
    for suffix in ["", "-wal", "-shm", ".lock"] {
      var status = stat()
      #expect(stat(directory.database + suffix, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600, "\(suffix)")
    }
    await database.close()
  }
}

@Suite("Migrations")
struct MigrationTests {
  @Test("run once each, in order, on the files that lack them")
  func steps() async throws {
    let directory = TemporaryDirectory()
    let first = try openDatabase(directory.database)
    try await first.write { try insert(1, $0) }
    await first.close()
    let more =
      testMigrations + [
        Migration("ALTER TABLE item ADD COLUMN note TEXT", "UPDATE item SET note = 'old'"),
        Migration("CREATE INDEX item_note ON item (note)"),
      ]
    for _ in 0..<2 {
      let later = try openDatabase(directory.database, migrations: more)
      let note = try await later.read { try $0.first("SELECT note FROM item") { try $0.string(0) } }
      #expect(note == "old")
      await later.close()
    }
  }

  @Test("leave the file as it was when a statement fails")
  func failure() async throws {
    let directory = TemporaryDirectory()
    let wrong = testMigrations + [Migration("CREATE TABLE other (id)", "CREATE TABLE item (id)")]
    #expect(throws: StorageError.self) {
      _ = try openDatabase(directory.database, migrations: wrong)
    }
    let database = try openDatabase(directory.database)
    let tables = try await database.read { connection in
      try connection.all("SELECT name FROM sqlite_schema WHERE name IN ('item', 'other')") {
        try $0.string(0)
      }
    }
    #expect(tables == ["item"])
    await database.close()
  }
}
