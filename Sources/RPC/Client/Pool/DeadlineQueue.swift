internal import NIOCore

/// Every live call of a client, the earliest deadline first: a binary heap in which each call knows
/// its place, so that one that ends is taken out at once. A timer of the event loop for each call
/// would cost two allocations.
struct DeadlineQueue {
  private var heap: [ClientCall] = []

  var first: ClientCall? { heap.first }
  var isEmpty: Bool { heap.isEmpty }
  /// In no order.
  var calls: [ClientCall] { heap }

  mutating func insert(_ call: ClientCall) {
    call.deadlineIndex = heap.count
    heap.append(call)
    siftUp(heap.count - 1)
  }

  /// Does nothing for a call that is not in the queue.
  mutating func remove(_ call: ClientCall) {
    guard let index = call.deadlineIndex else { return }
    call.deadlineIndex = nil
    let last = heap.removeLast()
    guard last !== call else { return }
    heap[index] = last
    last.deadlineIndex = index
    siftUp(index)
    siftDown(last.deadlineIndex!)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].deadline < heap[parent].deadline else { return }
      exchange(index, parent)
      index = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var least = 2 * index + 1
      guard least < heap.count else { return }
      if least + 1 < heap.count, heap[least + 1].deadline < heap[least].deadline { least += 1 }
      guard heap[least].deadline < heap[index].deadline else { return }
      exchange(index, least)
      index = least
    }
  }

  private mutating func exchange(_ one: Int, _ other: Int) {
    heap.swapAt(one, other)
    heap[one].deadlineIndex = one
    heap[other].deadlineIndex = other
  }
}
