public import MerkleLog

/// Makes the inclusion proofs of a run of entries from the entries themselves.
public struct ProvenRange: Sendable {
  private let firstIndex: UInt64
  private var bodies: [[UInt8]] = []
  private var tree: CompactTree
  private var nodes: [TreeNode: Hash] = [:]

  /// - Parameters:
  ///   - firstIndex: of the first entry.
  ///   - edge: of the tree before it: what an inclusion proof of that entry in the tree that ends
  ///     with it consists of, the other way round.
  /// Nil where the edge is of another size.
  public init?(firstIndex: UInt64, edge: [Hash]) {
    guard let tree = CompactTree(size: firstIndex, edge: edge) else { return nil }
    self.firstIndex = firstIndex
    self.tree = tree
    for (node, hash) in zip(tree.edgeNodes, edge) { nodes[node] = hash }
  }

  public mutating func append(_ body: [UInt8]) {
    bodies.append(body)
    tree.append(Hash.leaf(body)) { nodes[$0] = $1 }
  }

  /// Of the tree that ends with the last entry.
  public var root: Hash { tree.root }

  public var entries: [PeriodEvidence.Entry] {
    bodies.enumerated().map { offset, body in
      let index = firstIndex + UInt64(offset)
      let proof = InclusionProof.make(index: index, size: tree.size) { node in
        // Every complete subtree left of the path is of the edge, or was completed here.
        guard let hash = nodes[node] else { preconditionFailure("a subtree that nobody hashed") }
        return hash
      }
      return PeriodEvidence.Entry(index: index, event: body, proof: proof)
    }
  }
}
