internal import MerkleLog
internal import ReferenceTree
internal import Synchronization
internal import Testing

@testable internal import LogStore

/// Reading all logs as one sequence.
@Suite("The store's own order")
struct StoreCursorTests {
  private static let logs = ["acme", "globex", ""]

  private static func check(
    _ found: [SequencedEntry], _ made: [NewEntry], from first: Int = 0
  ) throws {
    #expect(found.map(\.sequence) == found.indices.map { UInt64(first + $0) })
    #expect(found.map(\.log) == made[first...].prefix(found.count).map(\.log))
    #expect(found.map(\.entry.id) == made[first...].prefix(found.count).map(\.id))
    #expect(found.compactMap(\.entry.body) == made[first...].prefix(found.count).map(\.body))
  }

  @Test(
    "every entry comes once, over segments and restarts, also what is appended later",
    arguments: Place.allCases)
  func order(place: Place) async throws {
    try await place.with { path, files in
      var entries = TestEntries()
      var found: [SequencedEntry] = []
      for _ in 0..<4 {
        try await withStore(at: path, files) { store in
          var cursor = StoreCursor(after: UInt64(found.count))
          for count in [1, 40, 3, 90] {
            try await store.append(entries.batch(count, logs: Self.logs))
            // A batch of nothing but a checkpoint stands between.
            let tree = store.log("acme").tree
            let note = TestSigner.sign("acme", tree.size, tree.root) ?? ""
            try await store.append(
              NewBatch(checkpoints: [.init(log: "acme", size: tree.size, note: note)]))
            while true {
              let page = try store.entries(after: &cursor, limit: 7)
              if page.isEmpty { break }
              found += page
            }
            #expect(cursor.sequence == store.entryCount)
          }
        }
      }
      try Self.check(found, entries.made)
    }
  }

  @Test("reading may begin anywhere", arguments: Place.allCases)
  func anywhere(place: Place) async throws {
    try await place.with { path, files in
      var random = SeededRandom(#function)
      var entries = TestEntries()
      try await withStore(at: path, files) { store in
        for _ in 0..<30 {
          try await store.append(
            entries.batch(Int.random(in: 1...20, using: &random), logs: Self.logs))
        }
        let count = entries.made.count
        for _ in 0..<100 {
          let first = Int.random(in: 0...count, using: &random)
          var cursor = StoreCursor(after: UInt64(first))
          let page = try store.entries(after: &cursor, limit: count)
          #expect(page.count == count - first)
          try Self.check(page, entries.made, from: first)
        }
        var cursor = StoreCursor(after: 0)
        let small = try store.entries(after: &cursor, limit: count, maximumBytes: 1)
        #expect(small.count == 1 && cursor.sequence == 1)
      }
    }
  }

  @Test("dropped bodies leave their places", arguments: Place.allCases)
  func dropped(place: Place) async throws {
    try await place.with { path, files in
      var entries = TestEntries()
      try await withStore(at: path, files) { store in
        for _ in 0..<40 { try await store.append(entries.batch(20, logs: Self.logs)) }
        store.finishIndexes()
        var early = StoreCursor(after: 0)
        _ = try store.entries(after: &early, limit: 5)
        let dropped = try store.dropBodies(below: ["acme": .max])
        #expect(dropped > 0)
        for start in [early, StoreCursor(after: 5)] {
          var cursor = start
          let page = try store.entries(after: &cursor, limit: .max)
          #expect(page.count == entries.made.count - 5)
          #expect(page.map(\.entry.id) == entries.made[5...].map(\.id))
          #expect(page.allSatisfy { $0.log == "acme" || $0.entry.body != nil })
        }
      }
    }
  }

  @Test("a changed byte is found, not handed on")
  func damage() async throws {
    let files = MemoryFiles()
    var entries = TestEntries()
    try await withStore(files) { store in
      try await store.append(entries.batch(20, logs: Self.logs))
      let path = files.image.keys.first { $0.hasSuffix(".seg") } ?? ""
      files.state.withLock { state in
        guard let number = state.names[path] else { return }
        state.nodes[number]?.content[200] ^= 1
      }
      var cursor = StoreCursor(after: 0)
      #expect(throws: LogStoreError.self) { try store.entries(after: &cursor, limit: 5) }
    }
  }
}
