internal import Storage

/// The tables of the audit log.
///
/// Entries and their bytes are apart, so that looking for entries reads little and the bytes, the
/// bulk, are written one after the other whatever logs they are of. So are both indexes, since
/// UUIDv7s of a time are neighbours; the primary key that SQLite appends to them finds the log.
enum AuditSchema {
  static let applicationID: Int32 = 0x4C_42_41_55  // "LBAU"

  static let migrations = [
    Migration(
      """
      CREATE TABLE log (
        id INTEGER PRIMARY KEY, tenant TEXT NOT NULL UNIQUE
      ) STRICT
      """,
      """
      CREATE TABLE event (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT
      """,
      """
      CREATE TABLE entry (
        log INTEGER NOT NULL, idx INTEGER NOT NULL, position INTEGER NOT NULL,
        event_id BLOB NOT NULL UNIQUE, time INTEGER NOT NULL, kind INTEGER NOT NULL, request BLOB,
        leaf BLOB NOT NULL, PRIMARY KEY (log, idx)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE INDEX entry_request ON entry (request) WHERE request IS NOT NULL
      """,
      """
      CREATE TABLE node (
        log INTEGER NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (log, level, idx)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE checkpoint (
        log INTEGER PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL
      ) STRICT
      """)
  ]
}

/// The number of a log in the database.
struct LogID: Hashable, Sendable {
  let number: Int64
}

extension LogID: Bindable {
  var sqlValue: SQLValue { .integer(number) }
}
