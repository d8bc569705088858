/// Proof that a tree is an older one with leaves appended (RFC 6962 §2.1.2).
public enum ConsistencyProof {
  /// The proof's hashes; none where one size is 0 or both are the same.
  ///
  /// - Parameter read: asked for complete subtrees within `new`.
  /// - Precondition: `old <= new`.
  public static func make<E: Error>(
    old: UInt64, new: UInt64, nodes read: NodeReader<E>
  ) throws(E) -> [Hash] {
    var hashes: [Hash] = []
    for range in ranges(old: old, new: new) { hashes.append(try range.hash(read)) }
    return hashes
  }

  /// Checks a proof (RFC 9162 §2.1.4.2).
  ///
  /// - Throws: `sizesOutOfOrder`, `wrongLength`, `oldRootMismatch` or `rootMismatch`.
  public static func verify(
    old: UInt64, oldRoot: Hash, new: UInt64, newRoot: Hash, proof: [Hash]
  ) throws(ProofError) {
    guard old <= new else { throw .sizesOutOfOrder(old: old, new: new) }
    let expected = ranges(old: old, new: new).count
    guard proof.count == expected else {
      throw .wrongLength(expected: expected, found: proof.count)
    }
    guard old > 0 else {
      // Anything is consistent with the tree without entries, and that has one root only.
      guard oldRoot == .emptyRoot else { throw .oldRootMismatch }
      guard new > 0 || newRoot == .emptyRoot else { throw .rootMismatch }
      return
    }
    guard old < new else {
      guard oldRoot == newRoot else { throw .oldRootMismatch }
      return
    }
    let roots = self.roots(old: old, oldRoot: oldRoot, new: new, proof: proof)
    guard roots.old == oldRoot else { throw .oldRootMismatch }
    guard roots.new == newRoot else { throw .rootMismatch }
  }

  /// The roots that a proof of the right length leads to; `0 < old < new`.
  private static func roots(
    old: UInt64, oldRoot: Hash, new: UInt64, proof: [Hash]
  ) -> (old: Hash, new: Hash) {
    var rest = proof[...]
    // An older tree that is one complete subtree is its own first hash and is left out of the proof.
    let start = old & (old - 1) == 0 ? oldRoot : rest.removeFirst()
    var oldHash = start
    var newHash = start
    var index = old - 1
    var last = new - 1
    while index & 1 == 1 {
      index >>= 1
      last >>= 1
    }
    for hash in rest {
      if index & 1 == 1 || index == last {
        oldHash = Hash.node(hash, oldHash)
        newHash = Hash.node(hash, newHash)
        while index & 1 == 0 && index != 0 {
          index >>= 1
          last >>= 1
        }
      } else {
        newHash = Hash.node(newHash, hash)
      }
      index >>= 1
      last >>= 1
    }
    return (oldHash, newHash)
  }

  /// The runs of leaves that the proof's hashes stand for, in the proof's order.
  private static func ranges(old: UInt64, new: UInt64) -> [LeafRange] {
    precondition(old <= new, "a tree of size \(new) has no older size \(old)")
    guard old > 0, old < new else { return [] }
    var ranges: [LeafRange] = []
    var range = LeafRange(start: 0, end: new)
    while range.end != old {
      let split = range.split
      let left = LeafRange(start: range.start, end: split)
      let right = LeafRange(start: split, end: range.end)
      ranges.append(old <= split ? right : left)
      range = old <= split ? left : right
    }
    // The subtree that ends where the older tree ends: known already if it is the older tree.
    if range.start > 0 { ranges.append(range) }
    return ranges.reversed()
  }
}
