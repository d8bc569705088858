internal import MerkleLog
internal import ReferenceTree
internal import Testing

@Suite("Hashes and the compact tree")
struct TreeTests {
  @Test("SHA-256 gives the known values of FIPS 180-4")
  func knownDigests() {
    #expect(
      SHA256.hash(Array("abc".utf8))
        == Hash(hex: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    #expect(
      Hash.emptyRoot
        == Hash(hex: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
    #expect(Hash.emptyRoot.description == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
  }

  @Test("leaves and nodes hash apart from their own bytes")
  func domainSeparation() {
    let left = SHA256.hash([1])
    let right = SHA256.hash([2])
    let joined = left.bytes + right.bytes
    #expect(Hash.leaf(joined) == SHA256.hash([0x00] + joined))
    #expect(Hash.node(left, right) == SHA256.hash([0x01] + joined))
  }

  @Test("a hash has 32 bytes and no other number", arguments: [0, 1, 31, 33, 64])
  func length(count: Int) {
    #expect(Hash([UInt8](repeating: 7, count: count)) == nil)
  }

  @Test("hashes from many threads at once are the same as one after the other")
  func threads() async {
    let expected = (0..<200).map { Hash.leaf([UInt8($0)]) }
    await withTaskGroup(of: [Hash].self) { group in
      for _ in 0..<8 { group.addTask { (0..<200).map { Hash.leaf([UInt8($0)]) } } }
      for await hashes in group { #expect(hashes == expected) }
    }
  }

  @Test("every size to 300 has the root of RFC 6962's definition, and so has every earlier size")
  func roots() throws {
    let tree = TestTree(size: 300)
    var compact = CompactTree()
    for size in 0...300 {
      let expected = NaiveTree.root(tree.entries.prefix(size))
      #expect(compact.root == expected)
      #expect(try tree.root(size) == expected)
      if size < 300 { compact.append(Hash.leaf(tree.entries[size])) }
    }
  }

  @Test("a tree rebuilt from stored nodes goes on as if it had never stopped")
  func rebuilt() throws {
    let tree = TestTree(size: 200)
    for size in 0...200 {
      var rebuilt = try CompactTree(size: UInt64(size), nodes: tree.read)
      for entry in tree.entries[size...] { rebuilt.append(Hash.leaf(entry)) }
      #expect(rebuilt == tree.compact)
    }
  }

  @Test("an append completes the leaf and each subtree that ends with it, lowest first")
  func completed() {
    var tree = CompactTree()
    var places: [[TreeNode]] = []
    for number in 0..<8 {
      var completed: [TreeNode] = []
      tree.append(Hash.leaf([UInt8(number)])) { node, _ in completed.append(node) }
      places.append(completed)
    }
    #expect(places[0] == [TreeNode(level: 0, index: 0)])
    #expect(places[1] == [TreeNode(level: 0, index: 1), TreeNode(level: 1, index: 0)])
    #expect(
      places[7] == [
        TreeNode(level: 0, index: 7), TreeNode(level: 1, index: 3), TreeNode(level: 2, index: 1),
        TreeNode(level: 3, index: 0),
      ])
  }

  @Test("a reader's error comes through unchanged")
  func readerError() {
    struct Unreadable: Error {}
    #expect(throws: Unreadable.self) {
      try CompactTree(size: 3) { _ throws(Unreadable) -> Hash in throw Unreadable() }
    }
  }
}
