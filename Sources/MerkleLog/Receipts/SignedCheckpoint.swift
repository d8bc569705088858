/// Why a signed checkpoint is not to be trusted.
public enum SignedCheckpointError: Error, Hashable {
  case note(NoteError)
  case malformed(CheckpointError)
  /// The checkpoint is another log's.
  case otherOrigin(String)
  /// Known keys signed it, the log's own is not among them.
  case notSignedByLog
}

extension SignedCheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .note(let error): error.description
    case .malformed(let error): error.description
    case .otherOrigin(let origin): "the checkpoint is of another log, \(origin)"
    case .notSignedByLog: "the checkpoint is not signed by the log's own key"
    }
  }
}

extension Checkpoint {
  /// Reads a signed checkpoint and checks who signed it.
  ///
  /// - Parameters:
  ///   - origin: the log that must have signed.
  ///   - verifiers: the keys trusted; signatures of others are ignored.
  public init(
    verifying note: String, origin: KeyName, verifiers: [NoteVerifier]
  ) throws(SignedCheckpointError) {
    let text: String
    let names: Set<KeyName>
    do {
      let signed = try SignedNote(parsing: note)
      names = try signed.verify(verifiers)
      text = signed.text
    } catch {
      throw .note(error)
    }
    do {
      try self.init(parsing: text)
    } catch {
      throw .malformed(error)
    }
    guard self.origin.utf8.elementsEqual(origin.rawValue.utf8) else {
      throw .otherOrigin(self.origin)
    }
    guard names.contains(origin) else { throw .notSignedByLog }
  }
}
