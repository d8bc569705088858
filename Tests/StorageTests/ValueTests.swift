internal import Storage
internal import TemporaryFiles
internal import Testing

@Suite("A value")
struct ValueTests {
  private func roundTrip<T: Bindable & ColumnReadable & Sendable>(_ value: T) async throws -> T? {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    let result = try await database.write { tx in
      try tx.execute("CREATE TABLE any (value ANY) STRICT")
      try tx.execute("INSERT INTO any (value) VALUES (?)", value)
      return try tx.first("SELECT value FROM any") { try $0.get(0, as: T.self) }
    }
    await database.close()
    return result
  }

  @Test("of bytes comes back as it was, the empty one too", arguments: [[], [0], [1, 0, 2]])
  func bytes(value: [UInt8]) async throws {
    #expect(try await roundTrip(value) == value)
  }

  @Test("of text comes back as it was", arguments: ["", "a", "a\0b", "Grüße 👋"])
  func text(value: String) async throws {
    #expect(try await roundTrip(value) == value)
  }

  @Test("of an integer comes back as it was", arguments: [Int64.min, -1, 0, 1, .max])
  func integer(value: Int64) async throws {
    #expect(try await roundTrip(value) == value)
    #expect(try await roundTrip(Int64?.some(value)) == value)
  }

  @Test("that is missing comes back missing")
  func missing() async throws {
    #expect(try await roundTrip(String?.none) == .some(nil))
  }

  @Test("above the largest integer is refused")
  func tooLarge() async throws {
    #expect(try await roundTrip(UInt64(Int64.max)) == UInt64(Int64.max))
    await #expect {
      _ = try await roundTrip(UInt64(Int64.max) + 1)
    } throws: { ($0 as? StorageError)?.kind == .outOfRange }
  }

  @Test("of another type, or too large for what is asked, is refused")
  func wrongType() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    func kind<T: ColumnReadable & Sendable>(_ sql: SQL, as type: T.Type) async -> StorageError.Kind?
    {
      do {
        try await database.read { connection in
          _ = try connection.first(sql) { _ = try $0.get(0, as: type) }
        }
        return nil
      } catch {
        return (error as? StorageError)?.kind
      }
    }
    #expect(await kind("SELECT 'text'", as: Int64.self) == .unexpectedValue)
    #expect(await kind("SELECT NULL", as: Int64.self) == .unexpectedValue)
    #expect(await kind("SELECT 1", as: String.self) == .unexpectedValue)
    #expect(await kind("SELECT 'text'", as: [UInt8].self) == .unexpectedValue)
    #expect(await kind("SELECT CAST(x'ff' AS TEXT)", as: String.self) == .unexpectedValue)
    #expect(await kind("SELECT 2", as: Bool.self) == .unexpectedValue)
    #expect(await kind("SELECT -1", as: UInt64.self) == .outOfRange)
    #expect(await kind("SELECT 2147483648", as: Int32.self) == .outOfRange)
    #expect(await kind("SELECT 1", as: Bool.self) == nil)
    await database.close()
  }

  @Test("is missing or left over: the statement is refused, and so are two statements in one")
  func misuse() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    for sql in ["SELECT ?", "SELECT 1; SELECT 2", "SELECT", ""] as [SQL] {
      await #expect {
        try await database.write { _ = try $0.execute(sql) }
      } throws: { ($0 as? StorageError)?.kind == .misuse }
    }
    await database.close()
  }

  @Test("can be read within a query by the same statement")
  func nested() async throws {
    let directory = TemporaryDirectory()
    let database = try openDatabase(directory.database)
    try await database.write { tx in for id in 1...3 { try insert(id, tx) } }
    let ids = try await database.read { connection in
      try connection.all("SELECT id FROM item ORDER BY id") { row in
        let inner: [Int] = try connection.all("SELECT id FROM item ORDER BY id") { try $0.get(0) }
        return inner + [try row.get(0)]
      }
    }
    #expect(ids == [[1, 2, 3, 1], [1, 2, 3, 2], [1, 2, 3, 3]])
    await database.close()
  }
}
