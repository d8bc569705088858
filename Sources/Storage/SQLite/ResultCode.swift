internal import CSQLite

extension StorageError {
  /// The error that SQLite's extended result code stands for (sqlite.org/rescode.html).
  static func sqlite(
    _ code: Int32, message: String, while action: String, path: String
  ) -> StorageError {
    StorageError(kind(of: code), code: code, message: message, while: action, path: path)
  }

  private static func kind(of code: Int32) -> Kind {
    switch code & 0xff {
    case SQLITE_CANTOPEN: .cannotOpen
    case SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH: .permission
    case SQLITE_NOTADB: .notADatabase
    case SQLITE_CORRUPT: .corrupt
    case SQLITE_FULL: .full
    case SQLITE_IOERR: .io
    case SQLITE_NOMEM: .outOfMemory
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_CONSTRAINT: .constraint(constraint(of: code))
    case SQLITE_TOOBIG, SQLITE_RANGE: .outOfRange
    case SQLITE_MISMATCH: .unexpectedValue
    default: .misuse
    }
  }

  // The extended codes are macros with arithmetic, which the importer leaves out:
  // SQLITE_CONSTRAINT | (n << 8).
  private static func constraint(of code: Int32) -> Constraint {
    switch code >> 8 {
    case 1: .check
    case 3: .foreignKey
    case 5: .notNull
    case 6: .primaryKey
    case 8: .unique
    default: .other
    }
  }
}
