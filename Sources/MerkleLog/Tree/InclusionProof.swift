/// Proof that a leaf stands at an index of a tree (RFC 6962 §2.1.1).
public enum InclusionProof {
  /// The proof's hashes, leaf to root.
  ///
  /// - Parameters:
  ///   - index: of the leaf, below `size`.
  ///   - size: of the tree, now or at any earlier time.
  ///   - read: asked for complete subtrees within `size`, at most 64 for each hash of the proof.
  /// - Precondition: `index < size`.
  public static func make<E: Error>(
    index: UInt64, size: UInt64, nodes read: NodeReader<E>
  ) throws(E) -> [Hash] {
    var hashes: [Hash] = []
    for sibling in siblings(index: index, size: size) { hashes.append(try sibling.hash(read)) }
    return hashes
  }

  /// Checks a proof (RFC 9162 §2.1.3.2).
  ///
  /// - Throws: `indexOutOfRange`, `wrongLength` or `rootMismatch`.
  public static func verify(
    leaf: Hash, index: UInt64, size: UInt64, root: Hash, proof: [Hash]
  ) throws(ProofError) {
    guard index < size else { throw .indexOutOfRange(index: index, size: size) }
    let expected = length(index: index, size: size)
    guard proof.count == expected else {
      throw .wrongLength(expected: expected, found: proof.count)
    }
    var hash = leaf
    var index = index
    var last = size - 1
    for sibling in proof {
      if index & 1 == 1 || index == last {
        hash = Hash.node(sibling, hash)
        // A left sibling of the last node may belong to a higher level: skip up to it.
        while index & 1 == 0 && index != 0 {
          index >>= 1
          last >>= 1
        }
      } else {
        hash = Hash.node(hash, sibling)
      }
      index >>= 1
      last >>= 1
    }
    guard hash == root else { throw .rootMismatch }
  }

  /// How many hashes a proof has: one for each level in which the leaf's path and the last leaf's
  /// differ, then one for each left sibling that they share.
  static func length(index: UInt64, size: UInt64) -> Int {
    let inner = UInt64.bitWidth - (index ^ (size - 1)).leadingZeroBitCount
    return inner + (index >> inner).nonzeroBitCount
  }

  /// The runs of leaves that the proof's hashes stand for, leaf to root.
  private static func siblings(index: UInt64, size: UInt64) -> [LeafRange] {
    precondition(index < size, "no leaf \(index) in a tree of size \(size)")
    var siblings: [LeafRange] = []
    var range = LeafRange(start: 0, end: size)
    while range.width > 1 {
      let split = range.split
      let left = LeafRange(start: range.start, end: split)
      let right = LeafRange(start: split, end: range.end)
      siblings.append(index < split ? right : left)
      range = index < split ? left : right
    }
    return siblings.reversed()
  }
}
