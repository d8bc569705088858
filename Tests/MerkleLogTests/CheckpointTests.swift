internal import MerkleLog
internal import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

  @Test("the specification's example is read and written back byte for byte")
  func specification() throws {
    let text = "example.com/behind-the-sofa\n20852163\n\(Self.root)\n"
    let checkpoint = try Checkpoint(parsing: text)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(checkpoint.root.description == Self.root)
    #expect(checkpoint.text == text)
    let own = Checkpoint(
      origin: KeyName("example.com/behind-the-sofa")!, size: 20_852_163, root: checkpoint.root)
    #expect(own == checkpoint)
  }

  @Test("extension lines are kept")
  func extensions() throws {
    let text = "a\n0\n\(Self.root)\nmore\nand more\n"
    let checkpoint = try Checkpoint(parsing: text)
    #expect(checkpoint.extensions == ["more", "and more"])
    #expect(checkpoint.text == text)
  }

  @Test(
    "a malformed checkpoint is refused for what it is",
    arguments: [
      ("", .malformed), ("a\n", .malformed), ("a\n1\n", .malformed),
      ("a\n1\n\(root)", .malformed), ("\n1\n\(root)\n", .malformed),
      ("a\n1\n\(root)\n\n", .malformed), ("a\n\n1\n\(root)\n", .malformed),
      ("a\n01\n\(root)\n", .invalidSize), ("a\n+1\n\(root)\n", .invalidSize),
      ("a\n 1\n\(root)\n", .invalidSize), ("a\n1\r\n\(root)\n", .invalidSize),
      ("a\n-1\n\(root)\n", .invalidSize), ("a\n0x1\n\(root)\n", .invalidSize),
      ("a\n9223372036854775808\n\(root)\n", .invalidSize),
      ("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", .invalidRoot),
      ("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2L=\n", .invalidRoot),
      ("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n", .invalidRoot),
      ("a\n1\nroot\n", .invalidRoot),
    ] as [(String, CheckpointError)])
  func malformed(text: String, error: CheckpointError) {
    #expect(throws: error) { try Checkpoint(parsing: text) }
  }

  @Test("the largest size that the format allows is read")
  func largest() throws {
    let text = "a\n9223372036854775807\n\(Self.root)\n"
    #expect(try Checkpoint(parsing: text).size == UInt64(Int64.max))
  }
}
