/// What went wrong in a database file: the kind for programs, one sentence with a way out for people.
public struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
  public let kind: Kind
  /// SQLite's extended result code (sqlite.org/rescode.html); 0 when SQLite was not asked.
  public let code: Int32
  public let message: String
  /// What was being done, as in "while …".
  public let action: String
  public let path: String

  public enum Kind: Sendable, Hashable {
    case cannotOpen
    case permission
    case notADatabase
    case corrupt
    case full
    case io
    case outOfMemory
    /// Another process holds the file, or another part of this one.
    case inUse(by: String)
    /// The file was made by another program, or for another service.
    case foreignFile(applicationID: Int32)
    case newerSchema(file: Int, program: Int)
    case constraint(Constraint)
    case busy
    /// An unsigned value above `Int64.max`, or a negative one read as unsigned.
    case outOfRange
    /// A column holds something other than what was asked for.
    case unexpectedValue
    /// A feed or a cursor does not go on where it must.
    case gap(expected: UInt64, found: UInt64)
    case closed
    /// A wrong statement or a wrong use of this module: a mistake in the program.
    case misuse
  }

  public enum Constraint: Sendable, Hashable {
    case unique, primaryKey, foreignKey, notNull, check, other
  }

  public init(
    _ kind: Kind, code: Int32 = 0, message: String, while action: String, path: String
  ) {
    self.kind = kind
    self.code = code
    self.message = message
    self.action = action
    self.path = path
  }

  /// True when nothing more may be acknowledged: what the disk holds is no longer known.
  public var isFatal: Bool {
    switch kind {
    case .cannotOpen, .permission, .notADatabase, .corrupt, .full, .io, .outOfMemory: true
    case .inUse, .foreignFile, .newerSchema, .constraint, .busy, .outOfRange, .unexpectedValue,
      .gap, .closed, .misuse:
      false
    }
  }

  public var description: String {
    let suffix = code == 0 ? "" : " (SQLite code \(code))"
    return "\(path): \(message), while \(action)\(suffix). \(wayOut)"
  }

  /// What a person can do about it.
  public var wayOut: String {
    switch kind {
    case .cannotOpen: "Check that the directory exists and that the path is right."
    case .permission: "Let the user of this service read and write the file and its directory."
    case .notADatabase: "Point the service at its own file, or restore the file from a backup."
    case .corrupt: "Keep a copy of the file for inspection and restore it from a backup."
    case .full: "Free space on this disk, then start again: what was acknowledged is safe."
    case .io: "Check the disk and the kernel log, then start again: what was acknowledged is safe."
    case .outOfMemory: "Give the service more memory, then start again."
    case .inUse: "Stop the other process, or give this service a file of its own."
    case .foreignFile: "Point the service at its own file."
    case .newerSchema: "Start the newer version of this service again."
    case .constraint: "The write was refused and left no trace."
    case .busy: "Try again."
    case .outOfRange: "Use a value from 0 to 9223372036854775807."
    case .unexpectedValue: "The file and the program disagree: check the version of both."
    case .gap: "Records are missing: do not skip them, find out where they went."
    case .closed: "Open the database again."
    case .misuse: "Report this as a mistake in the program."
    }
  }
}
