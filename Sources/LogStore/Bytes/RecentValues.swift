internal import Synchronization

/// What was made last, by key: bounded, the oldest goes first.
final class RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct State {
    var values: [Key: Value] = [:]
    var order: [Key] = []
    /// In `order`: the oldest.
    var oldest = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: at least 1.
  init(_ capacity: Int) { self.capacity = capacity }

  /// The value of a key, made outside the lock where it is not there.
  func value<E: Error>(of key: Key, make: () throws(E) -> Value) throws(E) -> Value {
    if let value = state.withLock({ $0.values[key] }) { return value }
    let value = try make()
    state.withLock { state in
      guard state.values.updateValue(value, forKey: key) == nil else { return }
      if state.order.count < capacity {
        state.order.append(key)
      } else {
        state.values[state.order[state.oldest]] = nil
        state.order[state.oldest] = key
        state.oldest = (state.oldest + 1) % capacity
      }
    }
    return value
  }
}
