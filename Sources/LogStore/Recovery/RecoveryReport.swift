/// What was found and done when a store was opened.
public struct RecoveryReport: Sendable, Hashable {
  public var segments = 0
  public var logs = 0
  /// Of all logs.
  public var entries: UInt64 = 0
  /// Entries that were read again from the segments, rather than from an index.
  public var replayed: UInt64 = 0
  /// The end of a write that no sync had acknowledged, which was cut off.
  public var tornTail: LogStoreFault?
  /// Derived files that were missing, damaged or behind, and were made again.
  public var rebuilt: [LogStoreFault] = []

  public init() {}

  /// Everything that was not as a clean stop leaves it.
  public var found: [LogStoreFault] { (tornTail.map { [$0] } ?? []) + rebuilt }
}
