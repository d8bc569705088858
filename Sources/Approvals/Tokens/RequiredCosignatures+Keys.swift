internal import Domain
internal import MerkleLog

extension RequiredCosignatures {
  /// Whether enough of the witnesses have cosigned a signed note.
  func isMet(by note: String) -> Bool {
    guard let note = try? SignedNote(parsing: note) else { return false }
    let verifiers = Set(witnesses.compactMap { try? CosignatureVerifier(vkey: $0) })
    let met = verifiers.filter { (try? note.cosignatures(by: [$0]))?.isEmpty == false }
    return count >= 1 && met.count >= count
  }
}

extension Violations {
  /// What of the witnesses only their keys' bytes tell.
  mutating func witnessKeys(_ required: RequiredCosignatures?) {
    var seen: Set<CosignatureVerifier> = []
    for (index, key) in (required?.witnesses ?? []).enumerated() {
      let field = "settings.required_cosignatures.witnesses[\(index)]"
      do {
        let isNew = seen.insert(try CosignatureVerifier(vkey: key)).inserted
        require(isNew, field, "stands twice")
      } catch {
        add(field, "is \(error)")
      }
    }
  }
}
