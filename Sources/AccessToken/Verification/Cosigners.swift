internal import LockboxProto
public import MerkleLog

/// The witnesses of a tenant, and how many of them must have cosigned a checkpoint.
public struct Cosigners: Sendable, Hashable {
  public let count: Int
  public let witnesses: [CosignatureVerifier]

  /// Nil for a count that is not 1 to the number of witnesses.
  public init?(count: Int, witnesses: [CosignatureVerifier]) {
    guard count >= 1, count <= Set(witnesses).count else { return nil }
    self.count = count
    self.witnesses = witnesses
  }

  /// Which of the witnesses have cosigned a signed note.
  ///
  /// - Throws: where one line of a known witness does not fit, or it is no note.
  public func cosignatures(of note: String) throws(NoteError) -> [Cosignature] {
    try SignedNote(parsing: note).cosignatures(by: witnesses)
  }
}

extension Checklist {
  mutating func cosignatures(_ receipt: CommonV1.Receipt, _ cosigners: Cosigners?) {
    guard let cosigners else { return pass(.cosignatures, "none demanded") }
    do {
      let found = try cosigners.cosignatures(of: receipt.checkpoint)
      let names = found.map(\.name.rawValue).joined(separator: ", ")
      check(
        .cosignatures, found.count >= cosigners.count, names,
        else: "cosigned by \(found.count) of the \(cosigners.count) witnesses demanded")
    } catch {
      fail(.cosignatures, error.description)
    }
  }
}
