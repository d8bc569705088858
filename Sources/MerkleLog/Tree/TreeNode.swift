/// The place of a complete subtree's hash: it covers the leaves `index << level` up to, not
/// including, `(index + 1) << level`. Such a hash never changes once its leaves are there.
public struct TreeNode: Sendable, Hashable {
  /// 0 for leaves, at most 63.
  public var level: Int
  /// Counted from the left within its level.
  public var index: UInt64

  public init(level: Int, index: UInt64) {
    self.level = level
    self.index = index
  }
}

/// A run of leaves whose Merkle tree hash a proof holds.
///
/// Either complete (a power of two wide, starting at a multiple of its width) or ragged: the right
/// end of a tree of some size, which is made of complete subtrees of falling width.
struct LeafRange: Equatable {
  var start: UInt64
  var end: UInt64

  var width: UInt64 { end - start }

  /// The widths' largest power of two smaller than the whole: where RFC 6962 splits.
  /// Only for ranges of two or more leaves.
  var split: UInt64 { start + 1 << (63 - (width - 1).leadingZeroBitCount) }

  /// The complete subtrees that make the range up, left to right, widest first.
  var completeNodes: [TreeNode] {
    var nodes: [TreeNode] = []
    var start = start
    while start < end {
      let level = 63 - (end - start).leadingZeroBitCount
      nodes.append(TreeNode(level: level, index: start >> level))
      start += 1 << level
    }
    return nodes
  }

  /// The range's Merkle tree hash, from the hashes of complete subtrees.
  func hash<E: Error>(_ read: NodeReader<E>) throws(E) -> Hash {
    var nodes = completeNodes
    guard let last = nodes.popLast() else { return Hash.emptyRoot }
    var hash = try read(last)
    while let node = nodes.popLast() { hash = Hash.node(try read(node), hash) }
    return hash
  }
}

/// Reads the hash of a complete subtree; asked only for subtrees within the tree's size.
public typealias NodeReader<E: Error> = (TreeNode) throws(E) -> Hash
