internal import Histogram
internal import RPC

/// What became of the operations that should have begun in each second.
///
/// A long run has longer windows instead of more: its memory is bounded.
struct Timeline: Sendable {
  struct Window: Sendable {
    /// Two digits are enough for a line in a chart, and take a tenth of the memory.
    var operations = Samples(digits: .two)
    /// Operations that succeeded in this time, whenever they were due.
    var finished = 0
    /// Not begun, since too many were in flight.
    var overflowed = 0

    mutating func add(_ other: Window) {
      operations.add(other.operations)
      finished += other.finished
      overflowed += other.overflowed
    }
  }

  static let maximumWindows = 512

  /// Of one window, in nanoseconds.
  private(set) var width: Int64 = 1_000_000_000
  private(set) var windows: [Window] = []
  /// From the beginning of the measuring to its end, in nanoseconds.
  var length: Int64 = 0

  /// The part of a window that was measured, in seconds: the last one may have begun only just.
  func covered(_ index: Int) -> Double {
    Double(max(0, min(width, length - Int64(index) * width))) / 1e9
  }

  /// - Parameter offset: nanoseconds from the beginning of the measuring to when it was due.
  mutating func record(at offset: Int64, nanoseconds: Int64, _ error: RPCError?) {
    windows[index(of: offset)].operations.record(nanoseconds: nanoseconds, error)
    if error == nil { windows[index(of: offset + nanoseconds)].finished += 1 }
  }

  mutating func overflowed(at offset: Int64) {
    windows[index(of: offset)].overflowed += 1
  }

  mutating func add(_ other: Timeline) {
    var other = other
    length = max(length, other.length)
    while width < other.width { fold() }
    while other.width < width { other.fold() }
    extend(to: other.windows.count)
    for (index, window) in other.windows.enumerated() { windows[index].add(window) }
  }

  /// Without the windows behind the last operation that was due: what ends there is no load's doing.
  var whileDue: Timeline {
    var timeline = self
    timeline.windows.removeLast(
      windows.reversed().prefix { $0.operations.ended + $0.overflowed == 0 }.count)
    return timeline
  }

  private mutating func index(of offset: Int64) -> Int {
    while max(0, offset) / width >= Int64(Self.maximumWindows) { fold() }
    let index = Int(max(0, offset) / width)
    extend(to: index + 1)
    return index
  }

  private mutating func extend(to count: Int) {
    while windows.count < count { windows.append(Window()) }
  }

  /// Makes one window of two.
  private mutating func fold() {
    var folded: [Window] = []
    for (index, window) in windows.enumerated() {
      if index.isMultiple(of: 2) { folded.append(window) } else { folded[index / 2].add(window) }
    }
    windows = folded
    width *= 2
  }
}
