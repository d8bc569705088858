internal import Glibc
internal import MerkleLog
internal import TemporaryFiles
internal import Testing

@Suite("Ed25519 keys")
struct SigningKeyTests {
  @Test("the second vector of RFC 8032 §7.1")
  func vector() throws {
    let key = try #require(
      SigningKey(
        seed: Hash(hex: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").bytes))
    #expect(
      key.publicKey.bytes
        == Hash(hex: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c").bytes)
    let signature = key.sign([0x72])
    #expect(
      signature
        == Hash(hex: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da").bytes
        + Hash(hex: "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00").bytes)
    #expect(key.publicKey.isValid(signature: signature, for: [0x72]))
  }

  @Test("no bit of a signature or message may change")
  func flippedBits() {
    let key = SigningKey.generate()
    let signature = key.sign([1, 2, 3])
    for bit in 0..<512 {
      var changed = signature
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(!key.publicKey.isValid(signature: changed, for: [1, 2, 3]))
    }
    #expect(!key.publicKey.isValid(signature: signature, for: [1, 2]))
    #expect(!key.publicKey.isValid(signature: signature.dropLast(), for: [1, 2, 3]))
    #expect(!key.publicKey.isValid(signature: [], for: [1, 2, 3]))
    #expect(!SigningKey.generate().publicKey.isValid(signature: signature, for: [1, 2, 3]))
  }

  @Test("seeds and public keys have 32 bytes and no other number", arguments: [0, 31, 33, 64])
  func lengths(count: Int) {
    #expect(SigningKey(seed: [UInt8](repeating: 1, count: count)) == nil)
    #expect(VerificationKey([UInt8](repeating: 1, count: count)) == nil)
  }

  @Test("PEM goes both ways and OpenSSL's own form is read")
  func pem() throws {
    let key = SigningKey.generate()
    #expect(try #require(SigningKey(pem: key.pem)).publicKey == key.publicKey)
    let text = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
      -----END PRIVATE KEY-----

      """
    let known = try #require(SigningKey(pem: Array(text.utf8)))
    #expect(
      known.publicKey.bytes
        == Hash(hex: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c").bytes)
    #expect(known.pem == Array(text.utf8))
  }

  @Test(
    "another kind of key, an encrypted one and noise are refused",
    arguments: [
      "", "noise", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
      // An X25519 key: well-formed, for key agreement only.
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VuBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
      -----END PRIVATE KEY-----

      """,
    ])
  func refused(text: String) {
    #expect(SigningKey(pem: Array(text.utf8)) == nil)
  }

  @Test("a key file is private, read back, and never replaced")
  func files() throws {
    let folder = TemporaryDirectory()
    let path = folder.file("key.pem")
    defer { withExtendedLifetime(folder) {} }
    let key = SigningKey.generate()
    try key.save(to: path)
    #expect(mode(of: path) == 0o600)
    #expect(try SigningKey(contentsOf: path).publicKey == key.publicKey)
    #expect(throws: KeyFileError.system(call: "open", path: path, code: EEXIST)) {
      try SigningKey.generate().save(to: path)
    }
    #expect(throws: KeyFileError.system(call: "open", path: path + "x", code: ENOENT)) {
      try SigningKey(contentsOf: path + "x")
    }
  }

  @Test(
    "a key that others can use is refused, one that a group may read is not",
    arguments: [
      (0o600, true), (0o400, true), (0o640, true), (0o644, false), (0o660, false), (0o604, false),
    ] as [(mode_t, Bool)])
  func modes(mode: mode_t, accepted: Bool) throws {
    let folder = TemporaryDirectory()
    let path = folder.file("key.pem")
    defer { withExtendedLifetime(folder) {} }
    let key = SigningKey.generate()
    try key.save(to: path)
    try #require(chmod(path, mode) == 0)
    if accepted {
      #expect(try SigningKey(contentsOf: path).publicKey == key.publicKey)
    } else {
      #expect(throws: KeyFileError.tooOpen(path: path, mode: mode)) {
        try SigningKey(contentsOf: path)
      }
    }
  }

  @Test("a file of noise, or a large one, is no key")
  func noise() {
    let folder = TemporaryDirectory()
    for (name, count) in [("small", 100), ("large", 10_000)] {
      let path = folder.write(name, [UInt8](repeating: 65, count: count))
      #expect(chmod(path, 0o600) == 0)
      #expect(throws: KeyFileError.malformed(path: path)) { try SigningKey(contentsOf: path) }
    }
  }
}

private func mode(of path: String) -> mode_t {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
}
