internal import MerkleLog

/// Which full tile of level 0.
struct TileKey: Hashable {
  let log: UInt32
  let index: UInt64
}

/// The hashes of all subtrees within a full tile of level 0: made at once of one reading, because a
/// proof asks for eight of them.
struct TileNodes {
  /// 256 leaves, then the 128 subtrees of two, and so on down to two.
  private let hashes: [Hash]

  init(leaves: [Hash]) {
    precondition(leaves.count == 256, "a full tile has 256 leaves")
    var hashes = leaves
    hashes.reserveCapacity(510)
    var below = 0
    while hashes.count < 510 {
      hashes.append(Hash.node(hashes[below], hashes[below + 1]))
      below += 2
    }
    self.hashes = hashes
  }

  /// A subtree below level 8 that lies in this tile.
  subscript(_ node: TreeNode) -> Hash {
    let width = 256 >> node.level
    return hashes[512 - 2 * width + Int(node.index) % width]
  }

  /// The hash of a subtree of as many leaves as a power of two.
  static func root(_ leaves: [Hash]) -> Hash {
    var hashes = leaves
    while hashes.count > 1 {
      for pair in 0..<(hashes.count / 2) {
        hashes[pair] = Hash.node(hashes[2 * pair], hashes[2 * pair + 1])
      }
      hashes.removeLast(hashes.count / 2)
    }
    return hashes[0]
  }
}

extension StoreShared {
  /// A full tile of a log; what retention drops of entries does not change it.
  func tile(_ key: TileKey) throws(LogStoreError) -> TileNodes {
    try tiles.value(of: key) { () throws(LogStoreError) in
      TileNodes(leaves: try leaves(of: key.log, from: key.index << 8, count: 256))
    }
  }
}
