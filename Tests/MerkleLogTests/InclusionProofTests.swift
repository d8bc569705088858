internal import MerkleLog
internal import ReferenceTree
internal import Testing

@Suite("Inclusion proofs")
struct InclusionProofTests {
  @Test("every index of every size to 64 gives RFC 6962's path, and it verifies")
  func exhaustive() throws {
    let tree = TestTree(size: 64)
    for size in 1...64 {
      for index in 0..<size { try check(tree, index, size) }
    }
  }

  @Test("random indexes of random sizes to 5,000 give RFC 6962's path, and it verifies")
  func random() throws {
    var random = SeededRandom("inclusion proofs")
    let tree = TestTree(size: 5_000)
    for _ in 0..<60 {
      let size = Int.random(in: 65...5_000, using: &random)
      try check(tree, Int.random(in: 0..<size, using: &random), size)
    }
  }

  private func check(_ tree: TestTree, _ index: Int, _ size: Int) throws {
    let proof = try tree.inclusion(index, size)
    #expect(proof == NaiveTree.path(index, tree.entries.prefix(size)))
    try InclusionProof.verify(
      leaf: Hash.leaf(tree.entries[index]), index: UInt64(index), size: UInt64(size),
      root: tree.root(size), proof: proof)
  }

  @Test("no bit of a proof, the leaf or the root may change")
  func flippedBits() throws {
    let tree = TestTree(size: 21)
    let root = tree.compact.root
    for index in [0, 13, 19, 20] {
      let leaf = Hash.leaf(tree.entries[index])
      let proof = try tree.inclusion(index, 21)
      for bit in 0..<256 {
        for place in proof.indices {
          var changed = proof
          changed[place] = proof[place].flipping(bit: bit)
          #expect(verdict(leaf, index, 21, root, changed) == .rootMismatch)
        }
        #expect(verdict(leaf.flipping(bit: bit), index, 21, root, proof) == .rootMismatch)
        #expect(verdict(leaf, index, 21, root.flipping(bit: bit), proof) == .rootMismatch)
      }
    }
  }

  @Test("a proof fits its own index and its own tree only")
  func otherPlaces() throws {
    let tree = TestTree(size: 40)
    let leaf = Hash.leaf(tree.entries[13])
    let proof = try tree.inclusion(13, 21)
    for index in 0..<21 where index != 13 {
      #expect(verdict(leaf, index, 21, try tree.root(21), proof) != nil)
    }
    for size in 14...40 where size != 21 {
      #expect(verdict(leaf, 13, size, try tree.root(size), proof) != nil)
    }
  }

  @Test("a proof that is too short or too long is refused for its length")
  func lengths() throws {
    let tree = TestTree(size: 21)
    let leaf = Hash.leaf(tree.entries[5])
    let proof = try tree.inclusion(5, 21)
    let root = tree.compact.root
    #expect(
      verdict(leaf, 5, 21, root, proof.dropLast())
        == .wrongLength(expected: proof.count, found: proof.count - 1))
    #expect(
      verdict(leaf, 5, 21, root, proof + [leaf])
        == .wrongLength(expected: proof.count, found: proof.count + 1))
    #expect(verdict(leaf, 0, 1, leaf, []) == nil)
    #expect(verdict(leaf, 0, 1, leaf, [leaf]) == .wrongLength(expected: 0, found: 1))
  }

  @Test("an index beyond the tree is refused", arguments: [(0, 0), (1, 1), (21, 21), (500, 21)])
  func beyond(index: Int, size: Int) {
    #expect(
      verdict(.emptyRoot, index, size, .emptyRoot, [])
        == .indexOutOfRange(index: UInt64(index), size: UInt64(size)))
  }

  @Test("the largest possible tree is checked without overflow")
  func largest() {
    let proof = [Hash](repeating: .emptyRoot, count: 64)
    #expect(throws: ProofError.rootMismatch) {
      try InclusionProof.verify(
        leaf: .emptyRoot, index: .max - 1, size: .max, root: .emptyRoot,
        proof: Array(proof.prefix(63)))
    }
    #expect(throws: ProofError.rootMismatch) {
      try InclusionProof.verify(
        leaf: .emptyRoot, index: 0, size: .max, root: .emptyRoot, proof: proof)
    }
  }

  private func verdict(
    _ leaf: Hash, _ index: Int, _ size: Int, _ root: Hash, _ proof: [Hash]
  ) -> ProofError? {
    do {
      try InclusionProof.verify(
        leaf: leaf, index: UInt64(index), size: UInt64(size), root: root, proof: proof)
      return nil
    } catch {
      return error
    }
  }
}
