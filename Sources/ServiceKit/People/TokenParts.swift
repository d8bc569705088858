internal import ProtobufC
internal import StrictJSON

/// A JWS in compact serialisation (RFC 7515 §7.1), taken apart and read strictly, not yet verified.
struct TokenParts {
  let algorithm: TokenAlgorithm
  /// Nil where the header has none.
  let keyID: String?
  let claims: Json
  let signature: [UInt8]
  /// What the signature is over.
  let signed: [UInt8]

  /// No real token is longer.
  static let largest = 16 << 10

  /// Parameters that would let a token choose its key or its rules (RFC 7515 §4.1, RFC 7797).
  private static let refusedParameters = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc"]

  /// What a token is for.
  enum Kind {
    /// To call with.
    case bearer
    /// To tell one client who signed in.
    case id

    /// RFC 7519 §5.1, RFC 9068 §2.1: a token of another kind, signed by the same issuer, is no pass.
    /// Of ID tokens OpenID Connect demands no type.
    func takes(_ type: String?) -> Bool {
      switch self {
      case .bearer: type == "jwt" || type == "at+jwt"
      case .id: type == "jwt" || type == nil
      }
    }
  }

  init(_ token: [UInt8], kind: Kind = .bearer) throws(TokenRefusal) {
    guard token.count <= Self.largest else { throw .tooLarge }
    let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decode(parts[0]),
      let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
    else { throw .malformed }
    guard let header = try? JsonParser.parse(header), case .object = header else {
      throw .headerMalformed
    }
    for parameter in Self.refusedParameters where header[parameter] != nil {
      throw .headerRefused
    }
    guard let name = header["alg"]?.string, let algorithm = TokenAlgorithm(rawValue: name) else {
      throw .algorithmRefused
    }
    guard header["typ"] == nil || header["typ"]?.string != nil,
      kind.takes(header["typ"]?.string?.lowercased())
    else { throw .typeWrong }
    let keyID = header["kid"]?.string
    guard header["kid"] == nil || keyID.map(VerificationKey.isPlain) ?? false else {
      throw .keyUnknown
    }
    guard let claims = try? JsonParser.parse(payload), case .object = claims else {
      throw .claimsMalformed
    }
    self.algorithm = algorithm
    self.keyID = keyID
    self.claims = claims
    self.signature = signature
    self.signed = Array(token[..<parts[1].endIndex])
  }
}
