internal import FoundationEssentials
public import MerkleLog
internal import ProtobufC
internal import StrictJSON

/// A JSON Web Signature in its compact form (RFC 7515 §7.1), Ed25519 only (RFC 8037).
///
/// Neither key nor algorithm is ever chosen by the token: the verifier looks the `kid` up among
/// the keys it trusts and takes nothing but EdDSA.
public struct CompactJWS: Sendable, Hashable {
  public let header: Header
  public let payload: [UInt8]
  let signature: [UInt8]
  /// The bytes that are signed: header and payload as they came.
  let signed: [UInt8]

  /// The header parameters that Lockbox writes. There are no others: what names a key or its place
  /// (`jwk`, `jku`, `x5u`, `x5c`), or an extension (`crit`), has no business in a token of ours.
  public struct Header: Codable, Sendable, Hashable {
    public var alg: String
    public var kid: String
    public var typ: String

    public init(type: String, keyID: String) {
      alg = CompactJWS.algorithm
      kid = keyID
      typ = type
    }

    fileprivate init?(_ bytes: [UInt8]) {
      guard case .object(let members)? = try? JsonParser.parse(bytes), members.count == 3,
        let alg = members["alg"]?.string, let kid = members["kid"]?.string,
        let typ = members["typ"]?.string
      else { return nil }
      self.alg = alg
      self.kid = kid
      self.typ = typ
    }
  }

  public static let algorithm = "EdDSA"
  /// Far above any token of ours; bounds the work on a hostile one.
  public static let largest = 256 << 10

  /// Signs a payload.
  public static func sign(
    _ payload: [UInt8], type: String, keyID: String, key: SigningKey
  ) -> String {
    let header = canonicalJSON(Header(type: type, keyID: keyID))
    let signed = "\(Base64URL.encode(header)).\(Base64URL.encode(payload))"
    return "\(signed).\(Base64URL.encode(key.sign(Array(signed.utf8))))"
  }

  /// Takes a token apart; says nothing yet of its signature's truth. Nil: no compact JWS whose header
  /// is a JSON object of `alg`, `kid` and `typ` alone.
  public init?(_ token: String) {
    guard token.utf8.count <= Self.largest else { return nil }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decode(parts[0].utf8),
      let payload = Base64URL.decode(parts[1].utf8),
      let signature = Base64URL.decode(parts[2].utf8),
      let header = Header(header)
    else { return nil }
    self.header = header
    self.payload = payload
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
  }

  /// Whether the signature is this key's.
  public func isSigned(by key: VerificationKey) -> Bool {
    key.isValid(signature: signature, for: signed)
  }
}

/// JSON with sorted keys, so that equal values give equal bytes.
func canonicalJSON(_ value: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  // Strings, integers and arrays of them: nothing that JSON could not hold.
  guard let data = try? encoder.encode(value) else { preconditionFailure("no JSON for \(value)") }
  return Array(data)
}
