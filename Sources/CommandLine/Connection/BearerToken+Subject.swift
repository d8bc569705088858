internal import Domain
internal import DomainProto
internal import FoundationEssentials
internal import ProtobufC

extension BearerToken {
  /// The `iss` and `sub` of a JWT, unverified.
  static func subject(of token: String) -> Subject? {
    struct Claims: Decodable {
      let iss: String
      let sub: String
    }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let payload = Base64URL.decode(parts[1].utf8),
      let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload))
    else { return nil }
    return Subject(issuer: claims.iss, id: claims.sub)
  }
}
