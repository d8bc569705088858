internal import Synchronization

/// Numbers that many tasks take in turn.
final class Counter: Sendable {
  private let next = Atomic(0)

  /// The first of `count` numbers that nobody else gets.
  func take(_ count: Int = 1) -> Int {
    next.wrappingAdd(count, ordering: .relaxed).oldValue
  }
}

/// Results that many tasks put down.
final class Slots<Element: Sendable>: Sendable {
  private let slots: Mutex<[Element?]>

  init(_ count: Int) { slots = Mutex(Array(repeating: nil, count: count)) }

  subscript(index: Int) -> Element? {
    get { slots.withLock { $0[index] } }
    set { slots.withLock { $0[index] = newValue } }
  }
}
