internal import Synchronization

/// How writes were grouped since the database was opened.
public struct CommitCounts: Sendable, Hashable {
  /// Transactions committed.
  public internal(set) var groups = 0
  /// Writes in them, the refused ones included.
  public internal(set) var writes = 0
  /// Writes whose body threw: undone, and their neighbours not.
  public internal(set) var refused = 0
  /// Writes in the largest transaction.
  public internal(set) var largestGroup = 0
  /// Transactions by size: element i counts those of 2^i to 2^(i+1) − 1 writes.
  public internal(set) var groupsBySize = [Int](repeating: 0, count: 16)
  /// Time from BEGIN to the return of COMMIT, all transactions together.
  public internal(set) var duration = Duration.zero
}

final class CommitStatistics: Sendable {
  private let counts = Mutex(CommitCounts())

  var snapshot: CommitCounts { counts.withLock { $0 } }

  func count(group size: Int, refused: Int, took duration: Duration) {
    counts.withLock { counts in
      counts.groups += 1
      counts.writes += size
      counts.refused += refused
      counts.largestGroup = max(counts.largestGroup, size)
      let power = Int.bitWidth - 1 - size.leadingZeroBitCount
      counts.groupsBySize[min(power, counts.groupsBySize.count - 1)] += 1
      counts.duration += duration
    }
  }
}
