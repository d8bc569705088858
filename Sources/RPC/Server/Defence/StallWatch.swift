/// Notices a peer that takes nothing of what waits for it, whether it keeps a window shut or does
/// not read its socket.
struct StallWatch {
  /// What changes when the peer takes something.
  struct Mark: Hashable {
    /// Bytes cut from the streams' queues so far.
    var taken: UInt64
    /// Bytes of the channel that the socket has not taken.
    var buffered: Int
  }

  private let limit: Duration
  private var mark: Mark?
  private var since: LoopTime?
  private var looked: LoopTime?

  init(limit: Duration) {
    self.limit = limit
  }

  /// When to look again; nil when nothing waits. Looks are taken often enough that a peer is found out
  /// a quarter of the limit late at most: what it took last was taken at some time between two.
  var due: LoopTime? { looked.map { $0 + limit / 4 } }

  /// - Parameter mark: nil when nothing waits for the peer.
  /// - Returns: whether the peer has taken nothing for as long as is endured.
  mutating func hasStalled(_ mark: Mark?, at now: LoopTime) -> Bool {
    looked = mark == nil ? nil : now
    guard mark != nil, mark == self.mark, let since else {
      self.mark = mark
      since = mark == nil ? nil : now
      return false
    }
    return since + limit <= now
  }
}
