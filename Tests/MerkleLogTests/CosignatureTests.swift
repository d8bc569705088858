internal import MerkleLog
internal import Testing

@Suite("Cosignatures")
struct CosignatureTests {
  private let log = NoteSigner(name: KeyName("example.com/log")!, key: .generate())
  private let key = SigningKey(seed: Array(0..<32))!
  private var witness: CosignatureSigner {
    CosignatureSigner(name: KeyName("witness.example/w1")!, key: key)
  }

  private func note() throws -> (Checkpoint, SignedNote) {
    let checkpoint = Checkpoint(origin: log.name, size: 7, root: .leaf([1]))
    return (checkpoint, try checkpoint.signed(by: [log]))
  }

  @Test("a line holds the key id, the time and a signature over the two lines and the text")
  func format() throws {
    let (checkpoint, _) = try note()
    let line = witness.cosign(checkpoint, at: 1_679_315_147).line
    #expect(line.signature.count == 72)
    #expect(Array(line.signature.prefix(8)) == [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb])
    #expect(line.keyID == witness.verifier.keyID)
    let message = "cosignature/v1\ntime 1679315147\n" + checkpoint.text
    #expect(
      key.publicKey.isValid(
        signature: Array(line.signature.dropFirst(8)), for: Array(message.utf8)))
    #expect(try CosignatureVerifier(vkey: witness.verifier.vkey) == witness.verifier)
  }

  @Test("another implementation of Ed25519 makes the same key id and line, byte for byte")
  func vector() throws {
    // pyca/cryptography 46, of the same seed, text and time.
    #expect(
      witness.verifier.vkey
        == "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
    #expect(
      witness.cosign(try note().0, at: 1_679_315_147).line.line
        == "— witness.example/w1 519lMgAAAABkGFDLDtfL+plwgwJKoJZ1/FjIb9GGGGgvfupLKCNo50VwuPDs"
        + "lrbQrZAE4neSeU/mPcF0a+kvh2gs8C2qD7csw9veCA==")
  }

  @Test("a log's key is no witness' key, and the other way round")
  func keyTypes() throws {
    #expect(throws: VerifierKeyError.unsupportedType(1)) {
      try CosignatureVerifier(vkey: log.verifier.vkey)
    }
    #expect(throws: VerifierKeyError.unsupportedType(4)) {
      try NoteVerifier(vkey: witness.verifier.vkey)
    }
    let other = CosignatureVerifier(name: KeyName("witness.example/w2")!, key: key.publicKey)
    let mixed = other.vkey.replacing("w2", with: "w1")
    #expect(throws: VerifierKeyError.keyIDMismatch) { try CosignatureVerifier(vkey: mixed) }
  }

  @Test("a cosigned checkpoint is still the log's, and tells who cosigned it")
  func cosigned() throws {
    let (checkpoint, note) = try note()
    let other = CosignatureSigner(name: KeyName("witness.example/w2")!, key: .generate())
    let earlier = witness.cosign(checkpoint, at: 5)
    let later = witness.cosign(checkpoint, at: 9)
    let cosigned = try note.adding([later.line, earlier.line, other.cosign(checkpoint, at: 7).line])
    let read = try SignedNote(parsing: cosigned.serialized)
    #expect(try read.verify([log.verifier]) == [log.name])
    #expect(try read.cosignatures(by: [witness.verifier]) == [later])
    #expect(try read.cosignatures(by: [other.verifier, witness.verifier]).map(\.time) == [7, 9])
    #expect(try note.cosignatures(by: [witness.verifier]).isEmpty)
    #expect(try read.adding([later.line]) == read)
    let lines = cosigned.signatures.dropFirst().map { $0.line + "\n" }.joined()
    #expect(NoteSignature.lines(Array(lines.utf8)) == Array(cosigned.signatures.dropFirst()))
    #expect(NoteSignature.lines(Array("— a b\n".utf8)) == nil)
    var notUTF8 = Array(lines.utf8)
    notUTF8[try #require(notUTF8.firstIndex(of: UInt8(ascii: "w")))] = 0xfb
    #expect(NoteSignature.lines(notUTF8) == nil)
  }

  @Test("every bit of a cosignature counts, and so does the text")
  func tampered() throws {
    let (checkpoint, note) = try note()
    let good = witness.cosign(checkpoint, at: 1_679_315_147)
    for bit in 0..<(72 * 8) {
      var bytes = good.line.signature
      bytes[bit / 8] ^= 1 << (bit % 8)
      let line =
        "— witness.example/w1 "
        + Encoded.base64(good.keyID.rawValue, bytes)
      let changed = try SignedNote(parsing: note.serialized + line + "\n")
      #expect(throws: NoteError.invalidSignature(witness.verifier.name)) {
        try changed.cosignatures(by: [witness.verifier])
      }
    }
    let larger = try Checkpoint(origin: log.name, size: 8, root: .leaf([1])).signed(by: [log])
    #expect(throws: NoteError.invalidSignature(witness.verifier.name)) {
      try larger.adding([good.line]).cosignatures(by: [witness.verifier])
    }
  }

  @Test("a request to a witness is written and read")
  func request() throws {
    let (_, note) = try note()
    for proof in [[], [Hash.leaf([1])], (0..<63).map { Hash.leaf([UInt8($0)]) }] {
      let request = try AddCheckpoint(oldSize: 5, proof: proof, note: note)
      #expect(try AddCheckpoint(parsing: Array(request.body.utf8)) == request)
      #expect(request.body.hasPrefix("old 5\n"))
    }
  }

  @Test(
    "what is no request is told apart",
    arguments: [
      ("", .malformedOldSize), ("old 5", .malformedOldSize), ("old 05\n\n", .malformedOldSize),
      ("old -1\n\n", .malformedOldSize), ("new 5\n\n", .malformedOldSize),
      ("old 5\nabc\n\n", .malformedProof), ("old 5\n", .malformedProof),
      (
        "old 5\n" + String(repeating: "\(Hash.leaf([]))\n", count: 64) + "\n", .malformedProof
      ),
      ("old 5\n\n", .note(.unsigned)),
      ("old 5\n\na\n\n— b AAAAAAA=\n", .checkpoint(.malformed)),
    ] as [(String, AddCheckpointError)])
  func malformed(_ body: String, _ error: AddCheckpointError) {
    #expect(throws: error) { try AddCheckpoint(parsing: Array(body.utf8)) }
  }
}

private enum Encoded {
  /// Standard base64 of a key id and what follows it.
  static func base64(_ keyID: UInt32, _ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let all = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: keyID >> $0) } + bytes
    var text = ""
    for start in stride(from: 0, to: all.count, by: 3) {
      let group = all[start..<min(start + 3, all.count)]
      let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0) }
      for digit in 0..<4 {
        text.append(digit <= group.count ? alphabet[bits >> (18 - 6 * digit) & 63] : "=")
      }
    }
    return text
  }
}
