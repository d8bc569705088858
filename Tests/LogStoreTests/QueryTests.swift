internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Queries of a log")
struct QueryTests {
  @Test("a query gives what a look at every entry gives, in segments of every state")
  func model() async throws {
    var random = SeededRandom("queries")
    var entries = TestEntries()
    try await withStore(MemoryFiles()) { store in
      for _ in 0..<40 {
        try await store.append(
          entries.batch(Int.random(in: 1...40, using: &random), logs: ["acme", "globex"]))
        let made = entries.made.filter { $0.log == "acme" }
        for _ in 0..<20 {
          let query = Self.query(made, &random)
          let expected = Self.expected(query, made)
          let found = try store.log("acme").list(query)
          #expect(found.entries.map(\.index) == expected.indexes)
          #expect((found.next != nil) == expected.isCut)
          for entry in found.entries {
            let original = made[Int(entry.index)]
            #expect(entry.body == original.body && entry.id == original.id)
            #expect(entry.time == original.time && entry.kind == original.kind)
            #expect(entry.request == original.request && entry.person == original.person)
          }
        }
      }
      store.finishIndexes()
      #expect(store.failedIndexes == 0)
    }
  }

  private static func someKinds(_ random: inout SeededRandom) -> Set<UInt16> {
    Set(TestEntries.kinds.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
  }

  private static func query(_ made: [NewEntry], _ random: inout SeededRandom) -> LogQuery {
    var query = LogQuery(
      from: UInt64.random(in: 0...UInt64(made.count), using: &random),
      limit: [1, 3, 50, 1_000].randomElement(using: &random) ?? 1)
    if Bool.random(using: &random) { query.from = 0 }
    if Int.random(in: 0...2, using: &random) == 0 {
      query.request = made.randomElement(using: &random)?.request
    }
    if Int.random(in: 0...2, using: &random) == 0 { query.person = "person-\(random.next() % 6)" }
    if Int.random(in: 0...2, using: &random) == 0 { query.kinds = Self.someKinds(&random) }
    if Int.random(in: 0...2, using: &random) == 0, let some = made.randomElement(using: &random) {
      query.times = some.time..<(some.time + 20_000)
    }
    if Int.random(in: 0...2, using: &random) == 0 { query.maximumBytes = 500 }
    return query
  }

  private static func expected(
    _ query: LogQuery, _ made: [NewEntry]
  ) -> (indexes: [UInt64], isCut: Bool) {
    var indexes: [UInt64] = []
    var bytes = 0
    for (index, entry) in made.enumerated() where UInt64(index) >= query.from {
      guard query.request == nil || entry.request == query.request,
        query.person == nil || entry.person == query.person,
        query.kinds.isEmpty || query.kinds.contains(entry.kind),
        query.times?.contains(entry.time) ?? true
      else { continue }
      if indexes.count == query.limit { return (indexes, false) }
      bytes += entry.body.count
      if !indexes.isEmpty && bytes > query.maximumBytes { return (indexes, true) }
      indexes.append(UInt64(index))
    }
    return (indexes, false)
  }

  @Test("pages put together are the whole list, whatever is appended between them")
  func pages() async throws {
    var entries = TestEntries()
    try await withStore(MemoryFiles()) { store in
      try await store.append(entries.batch(200))
      var seen: [UInt64] = []
      var query = LogQuery(limit: 7)
      query.kinds = [1, 66, 4]
      while true {
        let page = try store.log("acme").list(query).entries
        guard let last = page.last else { break }
        seen += page.map(\.index)
        query.from = last.index + 1
        if entries.made.count < 400 { try await store.append(entries.batch(10)) }
      }
      let expected = entries.made.indices.filter {
        query.kinds.contains(entries.made[$0].kind)
      }
      #expect(seen == expected.map { UInt64($0) })
    }
  }

  @Test("a snapshot stays as it was while the log grows")
  func snapshot() async throws {
    var entries = TestEntries()
    try await withStore(MemoryFiles()) { store in
      try await store.append(entries.batch(50))
      let before = store.log("acme")
      let root = before.tree.root
      try await store.append(entries.batch(500))
      store.finishIndexes()
      #expect(try before.bodies.count == 50)
      #expect(try before.entry(at: 50) == nil)
      #expect(before.tree.root == root && before.size == 50)
    }
  }
}
