internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import Web

/// What a page showed when somebody decided on it: the decision counts for nothing else.
struct ShownRequest: Hashable, Sendable {
  let digest: Digest
  let stage: UInt32
  /// Of the terms that stood, which another approver may narrow meanwhile.
  let terms: Digest

  /// Nil where a service shows what no digest is of.
  init?(_ record: ApprovalsV1.AccessRequestRecord) {
    guard let digest = Digest(record.requestDigest),
      let bytes = try? record.standingTerms.serialized(),
      let terms = Digest(SHA256.hash(bytes).bytes)
    else { return nil }
    self.digest = digest
    stage = record.openStage
    self.terms = terms
  }

  /// Reads what the form carried; nil for a form that is not ours.
  init?(_ form: WebForm) {
    guard let digest = Digest(hexadecimal: form.text("digest")),
      let stage = UInt32(form.text("stage")),
      let terms = Digest(hexadecimal: form.text("terms"))
    else { return nil }
    self.digest = digest
    self.stage = stage
    self.terms = terms
  }

  var fields: [HiddenField] {
    [
      HiddenField("digest", digest.description), HiddenField("stage", "\(stage)"),
      HiddenField("terms", terms.description),
    ]
  }
}
