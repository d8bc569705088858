internal import MerkleLog
internal import ReferenceTree
internal import Testing

@Suite("Consistency proofs")
struct ConsistencyProofTests {
  @Test("every pair of sizes to 64 gives RFC 6962's proof, and it verifies")
  func exhaustive() throws {
    let tree = TestTree(size: 64)
    for new in 0...64 {
      for old in 0...new { try check(tree, old, new) }
    }
  }

  @Test("random pairs of sizes to 5,000 give RFC 6962's proof, and it verifies")
  func random() throws {
    var random = SeededRandom("consistency proofs")
    let tree = TestTree(size: 5_000)
    for _ in 0..<60 {
      let new = Int.random(in: 65...5_000, using: &random)
      try check(tree, Int.random(in: 0...new, using: &random), new)
    }
  }

  private func check(_ tree: TestTree, _ old: Int, _ new: Int) throws {
    let proof = try tree.consistency(old, new)
    let expected = old == 0 || old == new ? [] : NaiveTree.proof(old, tree.entries.prefix(new))
    #expect(proof == expected)
    try ConsistencyProof.verify(
      old: UInt64(old), oldRoot: tree.root(old), new: UInt64(new), newRoot: tree.root(new),
      proof: proof)
  }

  @Test("no bit of a proof or of either root may change")
  func flippedBits() throws {
    let tree = TestTree(size: 21)
    let newRoot = tree.compact.root
    for old in [1, 6, 8, 13, 20] {
      let oldRoot = try tree.root(old)
      let proof = try tree.consistency(old, 21)
      for bit in 0..<256 {
        for place in proof.indices {
          var changed = proof
          changed[place] = proof[place].flipping(bit: bit)
          #expect(verdict(old, oldRoot, 21, newRoot, changed) != nil)
        }
        #expect(verdict(old, oldRoot.flipping(bit: bit), 21, newRoot, proof) != nil)
        #expect(verdict(old, oldRoot, 21, newRoot.flipping(bit: bit), proof) != nil)
      }
    }
  }

  @Test("a tree whose past was changed has no proof against its old root")
  func rewrittenPast() throws {
    let tree = TestTree(size: 21)
    var entries = tree.entries
    entries[3] = [0xFF]
    let rewritten = TestTree(entries: entries)
    for old in 4...20 {
      let proof = try rewritten.consistency(old, 21)
      #expect(
        verdict(old, try tree.root(old), 21, rewritten.compact.root, proof) != nil)
    }
  }

  @Test("a proof that is too short or too long is refused for its length")
  func lengths() throws {
    let tree = TestTree(size: 21)
    let proof = try tree.consistency(6, 21)
    let count = proof.count
    let root = tree.compact.root
    let oldRoot = try tree.root(6)
    #expect(
      verdict(6, oldRoot, 21, root, proof.dropLast())
        == .wrongLength(expected: count, found: count - 1))
    #expect(
      verdict(6, oldRoot, 21, root, proof + [root])
        == .wrongLength(expected: count, found: count + 1))
    #expect(verdict(21, root, 21, root, [root]) == .wrongLength(expected: 0, found: 1))
  }

  @Test("sizes out of order, unequal roots of one size and a wrong empty root are refused")
  func edges() throws {
    let tree = TestTree(size: 3)
    let root = tree.compact.root
    #expect(verdict(4, root, 3, root, []) == .sizesOutOfOrder(old: 4, new: 3))
    #expect(verdict(3, .emptyRoot, 3, root, []) == .oldRootMismatch)
    #expect(verdict(0, root, 3, root, []) == .oldRootMismatch)
    #expect(verdict(0, .emptyRoot, 0, root, []) == .rootMismatch)
    #expect(verdict(0, .emptyRoot, 0, .emptyRoot, []) == nil)
    #expect(verdict(0, .emptyRoot, 3, root, []) == nil)
  }

  private func verdict(
    _ old: Int, _ oldRoot: Hash, _ new: Int, _ newRoot: Hash, _ proof: [Hash]
  ) -> ProofError? {
    do {
      try ConsistencyProof.verify(
        old: UInt64(old), oldRoot: oldRoot, new: UInt64(new), newRoot: newRoot, proof: proof)
      return nil
    } catch {
      return error
    }
  }
}
