internal import FoundationEssentials
public import MerkleLog
internal import ProtobufC

/// Ed25519 public keys by key id, as a JWKS file holds them (RFC 7517, RFC 8037).
public struct PublicKeySet: Sendable, Hashable {
  public private(set) var keys: [String: VerificationKey]

  public init(_ keys: [String: VerificationKey]) {
    self.keys = keys
  }

  /// Reads a JWKS. A key of another kind than Ed25519, without `kid`, or with a `kid` that stands
  /// twice is refused: a file that is only half understood is not trusted.
  public init(json: [UInt8]) throws(KeySetError) {
    guard let file = try? JSONDecoder().decode(File.self, from: Data(json)) else {
      throw .malformed
    }
    keys = [:]
    for key in file.keys {
      guard key.kty == "OKP", key.crv == "Ed25519", key.alg ?? "EdDSA" == "EdDSA",
        let bytes = Base64URL.decode(key.x.utf8), let publicKey = VerificationKey(bytes)
      else { throw .unsupportedKey(id: key.kid) }
      guard keys.updateValue(publicKey, forKey: key.kid) == nil else {
        throw .duplicateKey(id: key.kid)
      }
    }
  }

  /// The JWKS, keys by id.
  public var json: [UInt8] {
    canonicalJSON(
      File(
        keys: keys.sorted { $0.key < $1.key }.map {
          File.Key(
            kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", kid: $0.key,
            x: Base64URL.encode($0.value.bytes))
        }))
  }

  private struct File: Codable {
    var keys: [Key]

    struct Key: Codable {
      var kty: String
      var crv: String
      var alg: String?
      var use: String?
      var kid: String
      var x: String
    }
  }
}

/// Why a JWKS is refused.
public enum KeySetError: Error, Hashable {
  case malformed
  case unsupportedKey(id: String)
  case duplicateKey(id: String)
}

extension KeySetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed: "it is no JSON Web Key Set whose keys have kty, crv, kid and x"
    case .unsupportedKey(let id): "the key \(id.debugDescription) is no Ed25519 signature key"
    case .duplicateKey(let id): "the key id \(id.debugDescription) stands twice"
    }
  }
}
