/// One step of a schema. A database runs the steps that its file lacks, in order, each in a
/// transaction of its own, and never changes or reorders a step that was released.
public struct Migration: Sendable {
  let statements: [SQL]

  public init(_ statements: SQL...) {
    self.statements = statements
  }
}

extension Connection {
  /// Brings the file to the schema of this program. `user_version` counts the steps that it has.
  /// - Throws: `foreignFile`, `newerSchema`, and what SQLite says of a wrong statement.
  func migrate(_ migrations: [Migration], applicationID: Int32) throws(StorageError) {
    let found = Int32(try number("PRAGMA application_id"))
    let version = try number("PRAGMA user_version")
    let isNew = try number("SELECT count(*) FROM sqlite_schema") == 0
    if isNew && found == 0 {
      try transact(
        systemSchema + "PRAGMA application_id = \(applicationID);", while: "making the schema")
    } else if found != applicationID {
      throw StorageError(
        .foreignFile(applicationID: found),
        message: "the file belongs to another program (application_id \(found), "
          + "expected \(applicationID))",
        while: "opening it", path: path)
    }
    guard version <= migrations.count else {
      throw StorageError(
        .newerSchema(file: version, program: migrations.count),
        message: "the file has schema version \(version), this program knows \(migrations.count)",
        while: "opening it", path: path)
    }
    for (index, migration) in migrations.enumerated().dropFirst(version) {
      let script = migration.statements.map { $0.text + ";" }.joined(separator: "\n")
      try transact(
        script + "PRAGMA user_version = \(index + 1);",
        while: "migrating to schema version \(index + 1)")
    }
  }

  private func transact(_ script: String, while action: String) throws(StorageError) {
    do {
      try self.script("BEGIN IMMEDIATE; \(script) COMMIT;", while: action)
    } catch {
      if !isAutocommit { try? self.script("ROLLBACK", while: action) }
      throw error
    }
  }

  private func number(_ sql: SQL) throws(StorageError) -> Int {
    Int(try pragma(sql) ?? "") ?? 0
  }
}

/// The tables of this module itself.
private let systemSchema = """
  CREATE TABLE feed (sequence INTEGER PRIMARY KEY, event BLOB NOT NULL) STRICT;
  CREATE TABLE feed_cursor (
    feed TEXT PRIMARY KEY, sequence INTEGER NOT NULL CHECK (sequence >= 0)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE clock_mark (
    id INTEGER PRIMARY KEY CHECK (id = 1), nanoseconds INTEGER NOT NULL
  ) STRICT;
  INSERT INTO clock_mark VALUES (1, 0);
  """
