public import LockboxProto
public import MerkleLog

extension Receipt {
  /// Nil where a hash of the proof is not 32 bytes long. The entry and the origin are the message's
  /// own: see `verify(entry:origin:verifiers:)`.
  public init?(_ message: CommonV1.Receipt) {
    let proof = message.inclusionProof.compactMap { Hash($0) }
    guard proof.count == message.inclusionProof.count else { return nil }
    self.init(index: message.index, inclusionProof: proof, checkpoint: message.checkpoint)
  }
}
