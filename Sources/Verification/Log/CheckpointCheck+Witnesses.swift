public import Domain
public import MerkleLog

extension CheckpointCheck {
  /// A newer checkpoint against an older one, as the body of an add-checkpoint request (C2SP
  /// tlog-witness) holds it: what a witness is asked is what anybody can keep.
  public func report(on newer: AddCheckpoint, since older: String) -> Report {
    var report = Report()
    guard let old = signed(older, "older checkpoint", &report),
      let new = signed(newer.note.serialized, "newer checkpoint", &report)
    else { return report }
    guard old.size == newer.oldSize else {
      report.fail(
        "consistency",
        "the proof is from size \(newer.oldSize), the older checkpoint's is \(old.size)")
      return report
    }
    consistent(old, new, proof: newer.proof, &report)
    return report
  }

  /// Whether enough of the witnesses have cosigned a checkpoint.
  ///
  /// - Parameter quorum: how many of them must.
  /// - Returns: the moment by which a quorum had; nil where none has.
  @discardableResult
  public func cosigned(
    _ note: String, by witnesses: [CosignatureVerifier], quorum: Int, _ report: inout Report
  ) -> Timestamp? {
    let check = "cosignatures"
    let found: [Cosignature]
    do {
      found = try SignedNote(parsing: note).cosignatures(by: witnesses)
    } catch {
      report.fail(check, "\(error)")
      return nil
    }
    let times = found.compactMap { cosignature in
      Timestamp(seconds: Int64(clamping: cosignature.time), nanos: 0)
    }
    guard found.count >= quorum, times.count == found.count else {
      let names = found.map(\.name.rawValue).joined(separator: ", ")
      report.fail(
        check,
        "\(found.count) of the \(quorum) that are needed" + (names.isEmpty ? "" : ": \(names)"))
      return nil
    }
    for (cosignature, time) in zip(found, times) {
      report.hold("cosignature of \(cosignature.name)", "at \(time)")
    }
    guard quorum > 0 else { return nil }
    return times.sorted()[quorum - 1]
  }
}
