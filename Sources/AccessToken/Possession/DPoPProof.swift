public import Domain
public import MerkleLog
internal import ProtobufC
internal import StrictJSON

/// A DPoP proof (RFC 9449 §4.2): whoever makes a call shows that they hold a key, for this call and
/// with this token only. Ed25519 alone.
public struct DPoPProof: Hashable, Sendable {
  /// RFC 7638 of the key, 32 bytes.
  public let thumbprint: [UInt8]
  /// `jti`: for whoever wants to take a proof once only.
  public let id: String

  /// How far `iat` may be from the clock of whoever takes the proof.
  public static let tolerance = Duration.seconds(60)
  private static let type = "dpop+jwt"
  private static let largest = 4 << 10

  /// Makes the proof for a call.
  /// - Parameters:
  ///   - method: of HTTP; gRPC's is `POST`.
  ///   - url: where the call goes, without query and fragment.
  ///   - token: the token that goes with the call.
  public static func make(
    _ key: SigningKey, method: String, url: String, token: String, at now: Timestamp, id: String
  ) -> String {
    let jwk = JWK(x: Base64URL.encode(key.publicKey.bytes))
    let header = canonicalJSON(Header(alg: CompactJWS.algorithm, jwk: jwk, typ: type))
    let claims = canonicalJSON(
      Claims(
        ath: Base64URL.encode(SHA256.hash(Array(token.utf8)).bytes), htm: method, htu: url,
        iat: now.seconds, jti: id))
    let signed = "\(Base64URL.encode(header)).\(Base64URL.encode(claims))"
    return "\(signed).\(Base64URL.encode(key.sign(Array(signed.utf8))))"
  }

  /// Takes a proof for a call.
  /// - Parameters:
  ///   - path: of the call's URL. Its scheme must be `https`; under which names and ports a service is
  ///     reached, it does not know.
  public init(
    _ proof: String, method: String, path: String, token: String, at now: Timestamp
  ) throws(DPoPRefusal) {
    guard proof.utf8.count <= Self.largest else { throw .malformed }
    let parts = proof.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
      let signature = Base64URL.decode(parts[2].utf8)
    else { throw .malformed }
    guard header.keys.sorted() == ["alg", "jwk", "typ"], header["typ"]?.string == Self.type,
      header["alg"]?.string == CompactJWS.algorithm
    else { throw .header }
    // A `d` would be a private key: whoever sends one has lost it.
    guard case .object(let jwk)? = header["jwk"], jwk["d"] == nil, jwk["kty"]?.string == "OKP",
      jwk["crv"]?.string == "Ed25519", let x = jwk["x"]?.string,
      let bytes = Base64URL.decode(x.utf8), let key = VerificationKey(bytes)
    else { throw .key }
    guard key.isValid(signature: signature, for: Array("\(parts[0]).\(parts[1])".utf8)) else {
      throw .signature
    }
    guard claims["htm"]?.string == method, let url = claims["htu"]?.string,
      Self.path(of: url).map({ $0.utf8.elementsEqual(path.utf8) }) ?? false
    else { throw .call }
    guard claims["ath"]?.string == Base64URL.encode(SHA256.hash(Array(token.utf8)).bytes) else {
      throw .token
    }
    guard let seconds = claims["iat"]?.integer, let time = Timestamp(seconds: seconds, nanos: 0),
      time <= now + Self.tolerance, now - Self.tolerance <= time
    else { throw .time }
    guard let id = claims["jti"]?.string, (1...128).contains(id.utf8.count) else {
      throw .malformed
    }
    self.id = id
    thumbprint = Self.thumbprint(of: key)
  }

  /// The JWK's thumbprint (RFC 7638 §3; RFC 8037 §2).
  public static func thumbprint(of key: VerificationKey) -> [UInt8] {
    SHA256.hash(canonicalJSON(JWK(x: Base64URL.encode(key.bytes)))).bytes
  }

  private static func object(_ part: Substring) -> [String: Json]? {
    guard let bytes = Base64URL.decode(part.utf8), let json = try? JsonParser.parse(bytes),
      case .object(let members) = json
    else { return nil }
    return members
  }

  private static func path(of url: String) -> Substring? {
    let scheme = "https://"
    guard url.hasPrefix(scheme), !url.contains("?"), !url.contains("#") else { return nil }
    let rest = url.dropFirst(scheme.count)
    return rest.firstIndex(of: "/").map { rest[$0...] }
  }

  private struct JWK: Codable {
    var crv = "Ed25519"
    var kty = "OKP"
    var x: String
  }

  private struct Header: Codable {
    var alg: String
    var jwk: JWK
    var typ: String
  }

  private struct Claims: Codable {
    var ath: String
    var htm: String
    var htu: String
    var iat: Int64
    var jti: String
  }
}

/// Why a DPoP proof is not taken.
public enum DPoPRefusal: Error, Hashable, Sendable, CaseIterable {
  /// No compact JWS of two JSON objects, or without `jti`.
  case malformed
  /// `typ`, `alg`, or a parameter that has no place in a proof.
  case header
  /// No Ed25519 public key.
  case key
  case signature
  /// Made for another call.
  case call
  /// Made for another token.
  case token
  /// Made too long ago, or a clock is wrong.
  case time
}
