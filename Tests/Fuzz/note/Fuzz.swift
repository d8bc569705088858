internal import FuzzSupport
internal import MerkleLog

/// Signed notes, checkpoints, and what a witness is sent and answers. The first byte says which. Of
/// each value there is one text: whatever is taken is what it would be written as.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let kind = input.byte() % 4
  let bytes = input.all()
  switch kind {
  case 0: addCheckpoint(bytes)
  case 1: note(bytes)
  case 2: checkpoint(String(decoding: bytes, as: UTF8.self))
  default: signatures(bytes)
  }
  return 0
}

private func addCheckpoint(_ bytes: [UInt8]) {
  guard let request = try? AddCheckpoint(parsing: bytes) else { return }
  require(request.body.utf8.elementsEqual(bytes), "a second text of an add-checkpoint body")
  require(request.proof.count <= AddCheckpoint.longestProof, "\(request.proof.count) hashes")
  require(request.checkpoint.text == request.note.text, "a checkpoint of another note")
}

private func note(_ bytes: [UInt8]) {
  guard let note = try? SignedNote(parsing: bytes) else { return }
  require(note.serialized.utf8.elementsEqual(bytes), "a second text of a signed note")
  require(
    (1...SignedNote.maximumSignatureCount).contains(note.signatures.count),
    "\(note.signatures.count) signatures")
  require((try? note.verify([stranger])) == nil, "a stranger's key has signed it")
  let own = requireSuccess("cosignatures of nobody") { try note.cosignatures(by: []) }
  require(own.isEmpty, "cosignatures of nobody")
  if let checkpoint = try? Checkpoint(parsing: note.text) {
    require(checkpoint.text == note.text, "a second text of a checkpoint")
  }
}

/// Whose signature no fuzzer writes.
private let stranger = NoteVerifier(
  name: KeyName("log.example/acme")!,
  key: SigningKey(seed: [UInt8](repeating: 7, count: 32))!.publicKey)

private func checkpoint(_ text: String) {
  guard let checkpoint = try? Checkpoint(parsing: text) else { return }
  require(checkpoint.text.utf8.elementsEqual(text.utf8), "a second text of a checkpoint")
}

private func signatures(_ bytes: [UInt8]) {
  guard let lines = NoteSignature.lines(bytes) else { return }
  require(
    lines.map { $0.line + "\n" }.joined().utf8.elementsEqual(bytes), "a second text of signatures")
  for line in lines {
    guard let cosignature = Cosignature(line) else { continue }
    require(cosignature.line == line, "a second text of a cosignature")
  }
}
