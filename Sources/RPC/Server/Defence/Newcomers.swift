/// Members of a set in the order in which they came.
struct Newcomers {
  /// Each member's number, counted from 0.
  private var numbers: [ObjectIdentifier: Int] = [:]
  /// Those that came, some of whom are no members any more.
  private var order: [(id: ObjectIdentifier, number: Int)] = []
  private var next = 0

  var count: Int { numbers.count }

  mutating func add(_ id: ObjectIdentifier) {
    if order.count > 2 * max(count, 32) { order = order.filter(isMember) }
    numbers[id] = next
    order.append((id, next))
    next += 1
  }

  mutating func remove(_ id: ObjectIdentifier) {
    numbers[id] = nil
  }

  mutating func takeOldest() -> ObjectIdentifier? {
    guard let index = order.firstIndex(where: isMember) else { return nil }
    let id = order[index].id
    order.removeFirst(index + 1)
    numbers[id] = nil
    return id
  }

  /// An object may be gone and another have its place in memory.
  private func isMember(_ entry: (id: ObjectIdentifier, number: Int)) -> Bool {
    numbers[entry.id] == entry.number
  }
}
