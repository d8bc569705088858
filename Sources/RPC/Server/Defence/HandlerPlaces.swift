internal import Synchronization

/// The handlers that one listener may have running, over all of its connections.
final class HandlerPlaces: Sendable {
  private let limit: Int
  private let taken = Atomic(0)
  private let told = Mutex<LoopTime?>(nil)

  /// That no place is left is told once in so much time.
  private static let tellInterval = Duration.seconds(10)

  init(_ limit: Int) {
    self.limit = limit
  }

  /// Takes a place for a connection with so many handlers; false when it may have no more.
  ///
  /// The fewer places are left, the fewer a connection may have: a quarter of them. Ten connections
  /// that take all they can get leave three hundred, and whoever has none gets the last.
  func take(running: Int) -> Bool {
    // Relaxed: nothing else is decided by what others see of this number.
    let free = limit - taken.wrappingAdd(1, ordering: .relaxed).oldValue
    guard free > 0, running * Self.share <= free else {
      giveBack()
      return false
    }
    return true
  }

  private static let share = 4

  func giveBack() {
    taken.wrappingSubtract(1, ordering: .relaxed)
  }

  /// Whether it is time to tell that no place is left.
  func shouldTell() -> Bool {
    let now = LoopTime.now
    return told.withLock { told in
      if let told, told + Self.tellInterval > now { return false }
      told = now
      return true
    }
  }
}
