internal import Synchronization

/// The high-water mark of seen time: the latest time that a durable write has seen, so that a
/// clock that went back, even across a restart, is noticed.
final class ClockMark: Sendable {
  private let nanoseconds: Atomic<Int64>

  init(_ nanoseconds: Int64) {
    self.nanoseconds = Atomic(nanoseconds)
  }

  /// Reads the mark of a file.
  convenience init(in connection: Connection) throws {
    let stored = try connection.first("SELECT nanoseconds FROM clock_mark WHERE id = 1") { row in
      try row.int64(0)
    }
    self.init(stored ?? 0)
  }

  var value: Int64 { nanoseconds.load(ordering: .acquiring) }

  /// By the writer thread only, and never back.
  func advance(to value: Int64) {
    nanoseconds.store(value, ordering: .releasing)
  }
}
