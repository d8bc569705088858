internal import LogStore

/// One entry among those of all logs.
struct LogRecord: Hashable, Sendable {
  /// Over all logs, dense, from 1.
  let sequence: UInt64
  let log: LogName
  let index: UInt64
  /// Empty where the body was dropped.
  let event: [UInt8]
}

/// A place among the entries of all logs.
struct LogPosition: Sendable {
  /// The last sequence before it; 0 for the beginning.
  var sequence: UInt64
  /// Where that is in the files, for reading on without looking for it.
  var cursor: StoreCursor?
}

/// What a read of all logs found.
struct LogRecords: Sendable {
  var records: [LogRecord]
  /// Behind the last of them.
  var next: LogPosition
}
