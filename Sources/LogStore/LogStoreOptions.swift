/// How a store is kept; every number has a reason and can be changed at any start.
public struct LogStoreOptions: Sendable {
  /// Bytes at which a segment is sealed. What is written since the last seal is read again at a
  /// start: 64 MiB take a quarter of a second.
  public var segmentBytes = 64 << 20
  /// Zeros written ahead, in bytes; 0 for none. A sync within them writes no new length down, for
  /// small batches 51 µs instead of 82 on ext4; the price is that every byte is written twice.
  public var reserveBytes = 256 << 10
  /// Entries of all callers in one write at most: bounds how long the first of them waits.
  public var groupLimit = 4_096

  /// Threads for short reads; the other lanes have one each.
  public var readers = 2

  public init() {}
}
