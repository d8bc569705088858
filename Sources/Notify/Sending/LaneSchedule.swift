internal import Domain

/// Which lane is next: each stands once, by the moment at which it is due. Pure.
struct LaneSchedule: Sendable {
  private var due: [Lane: Timestamp] = [:]
  /// A binary heap; what is out of date is skipped when it comes up.
  private var heap: [(moment: Timestamp, order: UInt64, lane: Lane)] = []
  private var busy: [Lane: Timestamp?] = [:]
  private var order: UInt64 = 0

  var isEmpty: Bool { due.isEmpty && busy.isEmpty }
  var busyCount: Int { busy.count }

  /// The lane has something to do at `moment`, or earlier if that is known already.
  mutating func set(_ lane: Lane, due moment: Timestamp) {
    if let earlier = busy[lane] {
      busy[lane] = .some(min(earlier ?? moment, moment))
      return
    }
    if let known = due[lane], known <= moment { return }
    due[lane] = moment
    order += 1
    push((moment, order, lane))
  }

  /// Takes the lane that has been due for longest. Nobody else gets it until `put`.
  mutating func take(at now: Timestamp) -> Lane? {
    while let first = heap.first, first.moment <= now {
      pop()
      guard due[first.lane] == first.moment else { continue }
      due[first.lane] = nil
      busy[first.lane] = .some(nil)
      return first.lane
    }
    return nil
  }

  /// Gives a lane back; nil: nothing waits there, but for what was set meanwhile.
  mutating func put(_ lane: Lane, due moment: Timestamp?) {
    let meanwhile = busy.removeValue(forKey: lane) ?? nil
    if let moment {
      set(lane, due: min(moment, meanwhile ?? moment))
    } else if let meanwhile {
      set(lane, due: meanwhile)
    }
  }

  /// When the next lane is due.
  mutating func next() -> Timestamp? {
    while let first = heap.first {
      if due[first.lane] == first.moment { return first.moment }
      pop()
    }
    return nil
  }

  // MARK: The heap

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (heap[left].moment, heap[left].order) < (heap[right].moment, heap[right].order)
  }

  private mutating func push(_ element: (Timestamp, UInt64, Lane)) {
    heap.append((element.0, element.1, element.2))
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if isBefore(child, least) { least = child }
      }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
