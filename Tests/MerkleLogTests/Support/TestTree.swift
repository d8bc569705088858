internal import MerkleLog

/// A tree with every complete subtree's hash in memory, and the entries it was made of.
struct TestTree {
  private(set) var entries: [[UInt8]] = []
  private(set) var compact = CompactTree()
  private(set) var nodes: [TreeNode: Hash] = [:]

  struct MissingNode: Error { var node: TreeNode }

  init(size: Int) {
    for number in 0..<size { append([UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]) }
  }

  init(entries: [[UInt8]]) {
    for entry in entries { append(entry) }
  }

  mutating func append(_ entry: [UInt8]) {
    entries.append(entry)
    compact.append(Hash.leaf(entry)) { nodes[$0] = $1 }
  }

  /// Fails the test for a subtree that is not complete.
  func read(_ node: TreeNode) throws(MissingNode) -> Hash {
    guard let hash = nodes[node] else { throw MissingNode(node: node) }
    return hash
  }

  func root(_ size: Int) throws -> Hash { try TreeRoot.compute(size: UInt64(size), nodes: read) }

  func inclusion(_ index: Int, _ size: Int) throws -> [Hash] {
    try InclusionProof.make(index: UInt64(index), size: UInt64(size), nodes: read)
  }

  func consistency(_ old: Int, _ new: Int) throws -> [Hash] {
    try ConsistencyProof.make(old: UInt64(old), new: UInt64(new), nodes: read)
  }
}

extension Hash {
  init(hex: String) {
    let digits = Array(hex.utf8).map { UInt8(String(UnicodeScalar($0)), radix: 16)! }
    self.init(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })!
  }

  func flipping(bit: Int) -> Hash {
    var bytes = self.bytes
    bytes[bit / 8] ^= 1 << (bit % 8)
    return Hash(bytes)!
  }
}
