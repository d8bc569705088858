internal import LockboxProto
internal import MerkleLog
internal import ServiceKit

/// How many of which witnesses must have cosigned a checkpoint.
struct CosignatureDemand: Sendable {
  let count: Int
  let witnesses: [CosignatureVerifier]

  /// - Throws: a violation for what no settings may say.
  init(_ message: CommonV1.RequiredCosignatures) throws(CosignatureDemandFault) {
    witnesses = try message.witnesses.map { key throws(CosignatureDemandFault) in
      guard let verifier = try? CosignatureVerifier(vkey: key) else { throw .badKey }
      return verifier
    }
    count = Int(message.count)
    guard (1...max(1, witnesses.count)).contains(count) else { throw .badCount }
  }

  /// Those that have cosigned a note.
  func met(by note: SignedNote) -> [CosignatureVerifier] {
    witnesses.filter { (try? note.cosignatures(by: [$0]))?.isEmpty == false }
  }
}

enum CosignatureDemandFault: Error, Hashable {
  case badKey
  case badCount
}
