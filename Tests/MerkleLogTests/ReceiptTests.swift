internal import MerkleLog
internal import Testing

@Suite("Receipts")
struct ReceiptTests {
  private static let origin = KeyName("log.example.com/acme")!
  private let tree = TestTree(size: 21)
  private let log = NoteSigner(name: origin, key: .generate())
  private let witness = NoteSigner(name: KeyName("witness.example.com")!, key: .generate())

  private func receipt(
    origin: KeyName = Self.origin, signers: [NoteSigner]? = nil
  ) throws -> Receipt {
    let checkpoint = Checkpoint(origin: origin, size: 21, root: tree.compact.root)
    return Receipt(
      index: 13, inclusionProof: try tree.inclusion(13, 21),
      checkpoint: try checkpoint.signed(by: signers ?? [log]).serialized)
  }

  private func verdict(
    _ receipt: Receipt, entry: [UInt8]? = nil, verifiers: [NoteVerifier]? = nil
  ) -> ReceiptError? {
    do {
      let checkpoint = try receipt.verify(
        entry: entry ?? tree.entries[13], origin: Self.origin,
        verifiers: verifiers ?? [log.verifier])
      #expect(checkpoint.size == 21 && checkpoint.root == tree.compact.root)
      return nil
    } catch {
      return error
    }
  }

  @Test("a right receipt holds, with or without a witness")
  func holds() throws {
    #expect(verdict(try receipt()) == nil)
    let witnessed = try receipt(signers: [witness, log])
    #expect(verdict(witnessed) == nil)
    #expect(verdict(witnessed, verifiers: [witness.verifier, log.verifier]) == nil)
  }

  @Test("another entry, index or proof is named as what is wrong")
  func proof() throws {
    let right = try receipt()
    #expect(verdict(right, entry: tree.entries[12]) == .proof(.rootMismatch))
    #expect(verdict(right, entry: tree.entries[13] + [0]) == .proof(.rootMismatch))
    var wrong = right
    wrong.index = 12
    #expect(verdict(wrong) == .proof(.rootMismatch))
    wrong.index = 21
    #expect(verdict(wrong) == .proof(.indexOutOfRange(index: 21, size: 21)))
    wrong = right
    wrong.inclusionProof.removeLast()
    #expect(verdict(wrong) == .proof(.wrongLength(expected: 5, found: 4)))
  }

  @Test("a checkpoint by strangers, of another log or with another text is named as what is wrong")
  func checkpoint() throws {
    let stranger = NoteSigner(name: Self.origin, key: .generate())
    #expect(
      verdict(try receipt(signers: [stranger])) == .checkpoint(.note(.noKnownKey)))
    let other = KeyName("log.example.com/other")!
    #expect(
      verdict(try receipt(origin: other)) == .checkpoint(.otherOrigin("log.example.com/other")))
    #expect(
      verdict(
        try receipt(signers: [witness]), verifiers: [witness.verifier, log.verifier])
        == .checkpoint(.notSignedByLog))
    var changed = try receipt()
    let lines = changed.checkpoint.split(separator: "\n", omittingEmptySubsequences: false)
    changed.checkpoint = ([lines[0], "22"] + lines[2...]).joined(separator: "\n")
    #expect(verdict(changed) == .checkpoint(.note(.invalidSignature(Self.origin))))
    let note = try SignedNote(text: "no checkpoint\n", signers: [log])
    changed.checkpoint = note.serialized
    #expect(verdict(changed) == .checkpoint(.malformed(.malformed)))
  }

  @Test("no bit of the proof may change")
  func flippedBits() throws {
    let right = try receipt()
    for place in right.inclusionProof.indices {
      for bit in 0..<256 {
        var wrong = right
        wrong.inclusionProof[place] = right.inclusionProof[place].flipping(bit: bit)
        #expect(verdict(wrong) == .proof(.rootMismatch))
      }
    }
  }
}
