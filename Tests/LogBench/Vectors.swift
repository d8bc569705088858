internal import Glibc
internal import LogStore
internal import MerkleLog

/// What our trees, stores and notes say, for other people's implementations to check: proofs and
/// checkpoints at sizes up to a million, and the tiles of a store of 70,000 entries (the example of
/// C2SP tlog-tiles). Entry n is the text `entry n`. The same run, the same files.
struct Vectors {
  private static let largest: UInt64 = 1_000_000
  private static let stored: UInt64 = 70_000

  let directory: String
  private var levels: [[Hash]] = []
  private var random = Steps(state: 20_261_122)
  private let signer = NoteSigner(
    name: KeyName("log.example/acme")!, key: SigningKey(seed: [UInt8](repeating: 7, count: 32))!)
  private let witness = CosignatureSigner(
    name: KeyName("witness.example")!, key: SigningKey(seed: [UInt8](repeating: 8, count: 32))!)

  init(directory: String) { self.directory = directory }

  mutating func write() async throws {
    mkdir(directory, 0o755)
    grow()
    var sizes: Set<UInt64> = [0, 1, 2, 3, Self.stored, Self.largest]
    let inclusion = (0..<1_000).map { number in
      let size = size(number)
      let index = number.isMultiple(of: 10) ? size - 1 : UInt64.random(in: 0..<size, using: &random)
      sizes.insert(size)
      let proof = InclusionProof.make(index: index, size: size, nodes: node)
      return "[\(index),\(size),\(list(proof))]"
    }
    let consistency = (0..<300).map { number in
      let new = size(number)
      let old =
        number.isMultiple(of: 10) ? (new + 1) / 2 : UInt64.random(in: 1...new, using: &random)
      sizes.formUnion([old, new])
      let proof = ConsistencyProof.make(old: old, new: new, nodes: node)
      return "[\(old),\(new),\(list(proof))]"
    }
    let notes = try sizes.sorted().map { size in "\"\(size)\":\(quoted(try note(size)))" }
    try save(
      """
      {"vkey":"\(signer.verifier.vkey)","witness":"\(witness.verifier.vkey)",
      "checkpoints":{\(notes.joined(separator: ",\n"))},
      "inclusion":[\(inclusion.joined(separator: ",\n"))],
      "consistency":[\(consistency.joined(separator: ",\n"))]}

      """, "vectors.json")
    try await tiles()
  }

  private mutating func grow() {
    var tree = CompactTree()
    levels = [[Hash]](repeating: [], count: 21)
    for number in 0..<Self.largest {
      tree.append(Hash.leaf(Self.body(number))) { levels[$0.level].append($1) }
    }
  }

  private static func body(_ number: UInt64) -> [UInt8] { Array("entry \(number)".utf8) }

  private func node(_ node: TreeNode) -> Hash { levels[node.level][Int(node.index)] }

  /// As many of each number of binary digits; every fourth at or beside a power of two.
  private mutating func size(_ number: Int) -> UInt64 {
    let power = UInt64(1) << UInt64.random(in: 0...19, using: &random)
    switch number % 4 {
    case 0: return power
    case 1: return min(power + 1, Self.largest)
    case 2 where number % 40 == 2: return Self.largest
    default: return min(UInt64.random(in: 1...(2 * power), using: &random), Self.largest)
    }
  }

  private func note(_ size: UInt64) throws -> String {
    let root = TreeRoot.compute(size: size, nodes: node)
    let checkpoint = Checkpoint(origin: signer.name, size: size, root: root)
    return try checkpoint.signed(by: [signer])
      .adding([witness.cosign(checkpoint, at: 1_790_000_000 + size).line]).serialized
  }

  private func list(_ hashes: [Hash]) -> String {
    "[" + hashes.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\n", with: "\\n") + "\""
  }

  /// Every tile and bundle of a store, at the paths where C2SP tlog-tiles has them.
  private func tiles() async throws {
    let store = try LogStore(at: directory + "/store") { say("fatal: \($0)") }
    for start in stride(from: 0, to: Self.stored, by: 7_000) {
      try await store.append(
        NewBatch(
          cursor: CursorMove(feed: "vectors", after: start, through: start + 7_000),
          entries: (start..<(start + 7_000)).map { number in
            NewEntry(
              log: "acme", id: Key128(high: number, low: 0), time: Int64(number),
              body: Self.body(number))
          }))
    }
    let log = store.log("acme")
    for level in 0..<3 {
      let width = log.size >> UInt64(8 * level)
      for index in 0..<((width + 255) >> 8) {
        let tile = Tile(
          level: level, index: index, width: Int(min(width - index << 8, 256)))
        try save(try log.tile(tile) ?? [], tile.path)
      }
    }
    for index in 0..<((log.size + 255) >> 8) {
      let bundle = EntryBundle(index: index, width: Int(min(log.size - index << 8, 256)))
      try save(try log.bundle(bundle) ?? [], bundle.path)
    }
    try save(try note(Self.stored), "checkpoint")
    await store.close()
  }

  private func save(_ text: String, _ path: String) throws { try save(Array(text.utf8), path) }

  private func save(_ bytes: [UInt8], _ path: String) throws {
    var made = directory
    for part in path.split(separator: "/").dropLast() {
      made += "/\(part)"
      mkdir(made, 0o755)
    }
    guard let file = fopen("\(directory)/\(path)", "w") else { throw Unwritable(path: path) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Unwritable(path: path) }
  }

  private struct Unwritable: Error { let path: String }

  /// SplitMix64.
  private struct Steps: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
