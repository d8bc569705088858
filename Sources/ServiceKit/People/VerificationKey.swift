internal import FoundationEssentials
internal import JWTKit
internal import ProtobufC
internal import StrictJSON

/// One public key with its one algorithm.
///
/// jwt-kit falls back to a default key where the `kid` is unknown and gives a key without `alg` the
/// first token's algorithm; so it never chooses here: each key is alone in a collection of its own,
/// and only the algorithm object that comes out is kept.
struct VerificationKey: Sendable {
  let id: String
  let algorithm: TokenAlgorithm
  private let verifier: any JWTAlgorithm
  /// ECDSA and EdDSA signatures have one length, RSA's has the modulus' (in bytes).
  private let signatureLength: Int

  /// Reads a key of a JWKS (RFC 7517 §4). `nil`: a key that is not for signatures that we take.
  init?(_ json: Json) async throws(KeySetFault) {
    guard case .object = json else { throw KeySetFault("a key is not an object") }
    if json["use"]?.string == "enc" { return nil }
    guard let id = json["kid"]?.string, Self.isPlain(id) else {
      throw KeySetFault("a key has no `kid` of 1 to 128 printable ASCII characters")
    }
    for secret in ["d", "k", "p", "q"] where json[secret] != nil {
      throw KeySetFault("the key `\(id)` is a private or shared key")
    }
    guard let algorithm = TokenAlgorithm(of: json) else { return nil }
    let name = algorithm.rawValue
    self.id = id
    self.algorithm = algorithm
    do {
      switch algorithm {
      case .eddsa:
        verifier = try await Self.edwards(json)
        signatureLength = 64
      case .es256:
        verifier = try await Self.elliptic(json)
        signatureLength = 64
      case .rs256:
        (verifier, signatureLength) = try await Self.rsa(json)
      }
    } catch let fault as KeySetFault {
      throw KeySetFault("the key `\(id)` \(fault.description)")
    } catch {
      throw KeySetFault("the key `\(id)` is no valid \(name) key")
    }
  }

  /// Whether `signature` is this key's over `text`.
  func verify(_ signature: [UInt8], over text: [UInt8]) -> Bool {
    guard signature.count == signatureLength else { return false }
    return (try? verifier.verify(signature, signs: text)) ?? false
  }

  private static func edwards(_ json: Json) async throws -> any JWTAlgorithm {
    guard json["kty"]?.string == "OKP", json["crv"]?.string == "Ed25519",
      let x = json["x"]?.string, Base64URL.decode(x.utf8)?.count == 32
    else { throw KeySetFault("is no Ed25519 key: `kty` OKP, `crv` Ed25519, 32 bytes `x`") }
    let key = try EdDSA.PublicKey(x: x, curve: .ed25519)
    return try await JWTKeyCollection().add(eddsa: key).getKey()
  }

  private static func elliptic(_ json: Json) async throws -> any JWTAlgorithm {
    guard json["kty"]?.string == "EC", json["crv"]?.string == "P-256",
      let x = json["x"]?.string, Base64URL.decode(x.utf8)?.count == 32,
      let y = json["y"]?.string, Base64URL.decode(y.utf8)?.count == 32
    else { throw KeySetFault("is no P-256 key: `kty` EC, `crv` P-256, 32 bytes `x` and `y`") }
    let key = try ES256PublicKey(parameters: (x: x, y: y))
    return try await JWTKeyCollection().add(ecdsa: key).getKey()
  }

  private static func rsa(_ json: Json) async throws -> (any JWTAlgorithm, Int) {
    guard json["kty"]?.string == "RSA", let n = json["n"]?.string,
      let modulus = Base64URL.decode(n.utf8), let e = json["e"]?.string, e == "AQAB",
      let first = modulus.first, first != 0
    else { throw KeySetFault("is no RSA key: `kty` RSA, `n`, `e` AQAB") }
    let bits = modulus.count * 8 - first.leadingZeroBitCount
    guard (2048...8192).contains(bits) else {
      throw KeySetFault("has \(bits) bits, not 2,048 to 8,192")
    }
    let key = try Insecure.RSA.PublicKey(modulus: n, exponent: e)
    let collection = await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256)
    return (try await collection.getKey(), modulus.count)
  }

  /// Ids are compared by their bytes, so nothing that Unicode holds for equal may stand in one.
  static func isPlain(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }
}
