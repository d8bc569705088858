/// A tree's right edge: enough to append and to know the root, in at most 64 hashes.
///
/// A value: copy it before a batch and drop the copy's changes if the batch fails.
public struct CompactTree: Sendable, Hashable {
  /// The number of leaves.
  public private(set) var size: UInt64
  /// The hashes of the complete subtrees that make the tree up, widest first.
  public private(set) var edge: [Hash]

  /// The tree without entries.
  public init() {
    size = 0
    edge = []
  }

  /// The tree at a size, from the stored hashes of its complete subtrees.
  public init<E: Error>(size: UInt64, nodes read: NodeReader<E>) throws(E) {
    self.size = size
    edge = []
    for node in LeafRange(start: 0, end: size).completeNodes { edge.append(try read(node)) }
  }

  /// The tree of a size, from the edge that it had; nil where the edge is another size's.
  public init?(size: UInt64, edge: [Hash]) {
    guard edge.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.edge = edge
  }

  /// Appends a leaf and hands over each subtree that it completes, lowest (the leaf itself) first.
  public mutating func append(_ leaf: Hash, completed: (TreeNode, Hash) -> Void) {
    var hash = leaf
    var node = TreeNode(level: 0, index: size)
    completed(node, hash)
    while node.index & 1 == 1 {
      hash = Hash.node(edge.removeLast(), hash)
      node = TreeNode(level: node.level + 1, index: node.index >> 1)
      completed(node, hash)
    }
    edge.append(hash)
    size += 1
  }

  /// Where the hashes of `edge` stand.
  public var edgeNodes: [TreeNode] { LeafRange(start: 0, end: size).completeNodes }

  /// Appends a leaf.
  public mutating func append(_ leaf: Hash) { append(leaf) { _, _ in } }

  /// The Merkle tree hash (RFC 6962 §2.1) of all leaves.
  public var root: Hash {
    guard var hash = edge.last else { return Hash.emptyRoot }
    for left in edge.dropLast().reversed() { hash = Hash.node(left, hash) }
    return hash
  }
}
