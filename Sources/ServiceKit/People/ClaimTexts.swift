internal import StrictJSON

/// What policies may look at of a token's claims.
enum ClaimTexts {
  /// As many claims as an identity provider puts in a token for people, and some.
  static let mostClaims = 32
  static let mostValues = 64
  static let longestText = 256

  /// About the token, not the person (RFC 7519 §4.1, OpenID Connect Core §2).
  private static let ofTheToken: Set<String> = [
    "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "azp", "at_hash", "c_hash", "sid",
    "scope",
  ]

  /// The texts of each claim at the top level that is a string, a boolean or an array of strings. A
  /// claim beyond the bounds is left out: what a policy demands of it does not hold.
  static func read(_ claims: Json, besides others: Set<String>) -> [String: Set<String>] {
    guard case .object(let members) = claims else { return [:] }
    let names = members.keys.filter { !ofTheToken.contains($0) && !others.contains($0) }
    var texts: [String: Set<String>] = [:]
    // In order, so that the same token gives the same claims.
    for name in names.sorted() where texts.count < mostClaims && name.utf8.count <= longestText {
      texts[name] = members[name].flatMap(Self.texts)
    }
    return texts
  }

  private static func texts(_ claim: Json) -> Set<String>? {
    let texts: [String]
    switch claim {
    case .string(let text): texts = [text]
    case .bool(let value): texts = ["\(value)"]
    case .array:
      guard let strings = claim.strings else { return nil }
      texts = strings
    case .null, .number, .object: return nil
    }
    guard texts.count <= mostValues, texts.allSatisfy({ $0.utf8.count <= longestText }) else {
      return nil
    }
    return Set(texts)
  }
}
