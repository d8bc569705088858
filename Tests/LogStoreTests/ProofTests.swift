internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Proofs and tiles from the store")
struct ProofTests {
  @Test("proofs at random sizes are RFC 6962's, read from segments, indexes and memory")
  func proofs() async throws {
    var random = SeededRandom("store proofs")
    var entries = TestEntries()
    var options = LogStoreOptions.small
    options.segmentBytes = 100 << 10
    try await withStore(MemoryFiles(), options) { store in
      for _ in 0..<5 {
        try await store.append(
          entries.batch(
            Int.random(in: 1...1_200, using: &random), logs: ["acme", "acme", "globex"]))
      }
      let bodies = entries.bodies("acme")
      let log = store.log("acme")
      for _ in 0..<30 {
        let size = Int.random(in: 1...bodies.count, using: &random)
        let index = Int.random(in: 0..<size, using: &random)
        let inclusion = try InclusionProof.make(
          index: UInt64(index), size: UInt64(size), nodes: log.hash(of:))
        #expect(inclusion == NaiveTree.path(index, bodies.prefix(size)))
        let old = Int.random(in: 1...size, using: &random)
        let consistency = try ConsistencyProof.make(
          old: UInt64(old), new: UInt64(size), nodes: log.hash(of:))
        #expect(consistency == (old == size ? [] : NaiveTree.proof(old, bodies.prefix(size))))
        let root = try TreeRoot.compute(size: UInt64(size), nodes: log.hash(of:))
        #expect(root == NaiveTree.root(bodies.prefix(size)))
      }
    }
  }

  @Test("a log of 70,000 entries has the tiles that tlog-tiles gives as its example")
  func tiles() async throws {
    try await withStore(MemoryFiles(), LogStoreOptions()) { store in
      var leaves: [Hash] = []
      for batch in 0..<70 {
        let entries = (0..<1_000).map { number -> NewEntry in
          let body = [UInt8](String(batch * 1_000 + number).utf8)
          leaves.append(Hash.leaf(body))
          return NewEntry(
            log: "acme", id: Key128(high: UInt64(batch), low: UInt64(number)), time: 0, body: body)
        }
        try await store.append(NewBatch(entries: entries))
      }
      let log = store.log("acme")
      // 273 full tiles and one of 112, one full and one of 17, one of 1.
      let there = [
        Tile(level: 0, index: 272), .init(level: 0, index: 273, width: 112),
        .init(level: 1, index: 0), .init(level: 1, index: 1, width: 17),
        .init(level: 2, index: 0, width: 1), .init(level: 0, index: 273, width: 5),
      ]
      for tile in there { #expect(try log.tile(tile)?.count == tile.width * 32) }
      let missing = [
        Tile(level: 0, index: 273), .init(level: 0, index: 273, width: 113),
        .init(level: 1, index: 1, width: 18), .init(level: 2, index: 0, width: 2),
        .init(level: 3, index: 0, width: 1), .init(level: 0, index: 1 << 60, width: 1),
      ]
      for tile in missing { #expect(try log.tile(tile) == nil) }

      // Each element is the hash of its 256 ^ level leaves.
      #expect(try log.tile(Tile(level: 0, index: 3)) == leaves[768..<1_024].flatMap(\.bytes))
      var level1: [Hash] = []
      for start in stride(from: 0, through: leaves.count - 256, by: 256) {
        var tree = CompactTree()
        for leaf in leaves[start..<(start + 256)] { tree.append(leaf) }
        level1.append(tree.root)
      }
      #expect(try log.tile(Tile(level: 1, index: 0)) == level1.prefix(256).flatMap(\.bytes))
      #expect(
        try log.tile(Tile(level: 1, index: 1, width: 17)) == level1.suffix(17).flatMap(\.bytes))
      var top = CompactTree()
      for hash in level1.prefix(256) { top.append(hash) }
      #expect(try log.tile(Tile(level: 2, index: 0, width: 1)) == top.root.bytes)

      let bundle = try log.bundle(EntryBundle(index: 273, width: 2))
      #expect(bundle == [0, 5] + Array("69888".utf8) + [0, 5] + Array("69889".utf8))
      #expect(try log.bundle(EntryBundle(index: 273, width: 113)) == nil)
    }
  }

  @Test("paths are those of tlog-tiles, and no others")
  func paths() {
    let tiles: [(Tile, String)] = [
      (.init(level: 0, index: 0), "tile/0/000"), (.init(level: 1, index: 1_000), "tile/1/x001/000"),
      (.init(level: 0, index: 1_234_067), "tile/0/x001/x234/067"),
      (.init(level: 63, index: 5, width: 17), "tile/63/005.p/17"),
      (.init(level: 2, index: 1_234_067, width: 1), "tile/2/x001/x234/067.p/1"),
    ]
    for (tile, path) in tiles {
      #expect(tile.path == path)
      #expect(Tile(path: path) == tile)
    }
    #expect(EntryBundle(index: 5, width: 17).path == "tile/entries/005.p/17")
    #expect(EntryBundle(path: "tile/entries/x001/234") == EntryBundle(index: 1_234))
    let wrong = [
      "tile/00/000", "tile/64/000", "tile/0/0", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001",
      "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/0/", "tile/0",
      "tile/0/x001.p/000", "tile/-1/000", "tile/0/000/", "tile/+1/000", "tile/0/+01", "/tile/0/000",
    ]
    for path in wrong { #expect(Tile(path: path) == nil, "\(path)") }
    #expect(EntryBundle(path: "tile/0/000") == nil)
    #expect(Tile(path: "tile/entries/000") == nil)
  }
}
