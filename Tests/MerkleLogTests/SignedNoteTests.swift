internal import MerkleLog
internal import Testing

/// The example of C2SP signed-note v1.0.0.
private enum Example {
  static let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
  static let text = "This is an example message.\n"
  static let note =
    text + "\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXs"
    + "YjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
}

@Suite("Signed notes")
struct SignedNoteTests {
  private let log = NoteSigner(name: KeyName("example.com/log")!, key: .generate())
  private let witness = NoteSigner(name: KeyName("example.com/witness")!, key: .generate())

  @Test("the specification's example verifies and is written back byte for byte")
  func specification() throws {
    let verifier = try NoteVerifier(vkey: Example.vkey)
    let note = try SignedNote(parsing: Example.note)
    #expect(note.text == Example.text)
    #expect(try note.verify([verifier]) == [KeyName("example.com/foo")!])
    #expect(note.serialized == Example.note)
    #expect(verifier.vkey == Example.vkey)
    #expect(verifier.keyID.rawValue == 0x530d_903a)
  }

  @Test("every byte of the specification's example counts")
  func changedBytes() throws {
    let verifier = try NoteVerifier(vkey: Example.vkey)
    let bytes = Array(Example.note.utf8)
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1
      #expect(throws: NoteError.self) { try SignedNote(parsing: changed).verify([verifier]) }
    }
    for length in bytes.indices {
      #expect(throws: NoteError.self) {
        try SignedNote(parsing: Array(bytes.prefix(length))).verify([verifier])
      }
    }
  }

  @Test("what is signed here is read here, blank lines within the text too")
  func roundTrip() throws {
    for text in ["a\n", "\n", "a\n\nb\n", "ünïcode — ✓\n", "a\n\n"] {
      let note = try SignedNote(text: text, signers: [log, witness])
      let read = try SignedNote(parsing: note.serialized)
      #expect(read == note)
      #expect(try read.verify([log.verifier, witness.verifier]) == [log.name, witness.name])
    }
  }

  @Test("signatures of unknown keys are ignored, also where only the key differs")
  func unknownKeys() throws {
    let namesake = NoteSigner(name: log.name, key: .generate())
    let note = try SignedNote(text: "a\n", signers: [witness, log, namesake])
    #expect(try note.verify([log.verifier]) == [log.name])
    let other = try SignedNote(text: "a\n", signers: [witness, namesake])
    #expect(throws: NoteError.noKnownKey) { try other.verify([log.verifier]) }
    #expect(throws: NoteError.noKnownKey) { try note.verify([]) }
  }

  @Test("a failing signature of a known key rejects the note, whoever else signed rightly")
  func failingKnownKey() throws {
    let right = try SignedNote(text: "a\n", signers: [log, witness])
    let wrong = try SignedNote(text: "b\n", signers: [witness])
    let mixed = try SignedNote(
      parsing: right.serialized + wrong.serialized.split(separator: "\n\n")[1])
    #expect(throws: NoteError.invalidSignature(witness.name)) {
      try mixed.verify([log.verifier, witness.verifier])
    }
    #expect(try mixed.verify([log.verifier]) == [log.name])
  }

  @Test("up to a hundred signatures are read and no more", arguments: [16, 100, 101])
  func manySignatures(count: Int) throws {
    let line = Example.note.split(separator: "\n\n")[1]
    let note = Example.text + "\n" + String(repeating: String(line), count: count)
    guard count <= SignedNote.maximumSignatureCount else {
      #expect(throws: NoteError.tooManySignatures) { try SignedNote(parsing: note) }
      return
    }
    let verifier = try NoteVerifier(vkey: Example.vkey)
    #expect(try SignedNote(parsing: note).verify([verifier]) == [verifier.name])
  }

  @Test(
    "a malformed note is refused for what it is",
    arguments: [
      ("", .unsigned), ("a\n", .unsigned), ("a\n\n", .unsigned), ("a\n\nb", .unsigned),
      ("a\n\n\n", .unsigned),
      ("a\n— example.com/foo Uw2QOkn8\n", .unsigned),
      ("a\r\n\n— k AAAAAAA=\n", .controlCharacter),
      ("a\tb\n\n— k AAAAAAA=\n", .controlCharacter),
      ("a\0\n\n— k AAAAAAA=\n", .controlCharacter),
      ("a\n\nk AAAAAAA=\n", .malformedSignatureLine(1)),
      ("a\n\n- k AAAAAAA=\n", .malformedSignatureLine(1)),
      ("a\n\n—k AAAAAAA=\n", .malformedSignatureLine(1)),
      ("a\n\n—  AAAAAAA=\n", .malformedSignatureLine(1)),
      ("a\n\n— k  AAAAAAA=\n", .malformedSignatureLine(1)),
      ("a\n\n— k AAAAAAA= \n", .malformedSignatureLine(1)),
      ("a\n\n— k\u{2003}k AAAAAAA=\n", .malformedSignatureLine(1)),
      ("a\n\n— k+k AAAAAAA=\n", .malformedSignatureLine(1)),
      ("a\n\n— k AAAAAA==\n", .malformedSignatureLine(1)),
      ("a\n\n— k AAAAAAA\n", .malformedSignatureLine(1)),
      ("a\n\n— k AAAAAAA=\n— k\n", .malformedSignatureLine(2)),
    ] as [(String, NoteError)])
  func malformed(note: String, error: NoteError) {
    #expect(throws: error) { try SignedNote(parsing: note) }
  }

  @Test("bytes that are no UTF-8 and notes over the limit are refused")
  func bytesAndSize() {
    var bytes = Array(Example.note.utf8)
    bytes[3] = 0xFF
    #expect(throws: NoteError.notUTF8) { try SignedNote(parsing: bytes) }
    let long = String(repeating: "a", count: SignedNote.maximumByteCount) + "\n"
    #expect(throws: NoteError.tooLarge) { try SignedNote(parsing: long) }
    #expect(throws: NoteError.tooLarge) { try SignedNote(text: long, signers: [log]) }
  }

  @Test("only a text that can be read back is signed")
  func unsignable() {
    #expect(throws: NoteError.textWithoutNewline) { try SignedNote(text: "a", signers: [log]) }
    #expect(throws: NoteError.textWithoutNewline) { try SignedNote(text: "", signers: [log]) }
    #expect(throws: NoteError.controlCharacter) { try SignedNote(text: "\t\n", signers: [log]) }
  }

  @Test(
    "a verifier key must name its own key",
    arguments: [
      ("", .malformed), ("example.com/foo", .malformed), ("example.com/foo+530d903a", .malformed),
      ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .malformed),
      ("example.com/foo+530d903a+", .malformed),
      ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==", .malformed),
      (
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .keyIDMismatch
      ),
      (
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .keyIDMismatch
      ),
      (
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .keyIDMismatch
      ),
      (
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        .unsupportedType(4)
      ),
    ] as [(String, VerifierKeyError)])
  func verifierKeys(vkey: String, error: VerifierKeyError) {
    #expect(throws: error) { try NoteVerifier(vkey: vkey) }
  }

  @Test("names of the same look but other bytes are other names")
  func canonicalEquivalence() {
    #expect(KeyName("caf\u{E9}") != KeyName("cafe\u{301}"))
    #expect(KeyName("a b") == nil && KeyName("") == nil && KeyName("a\nb") == nil)
  }
}
