internal import Domain
internal import StrictJSON

/// The claims of a token whose signature is good (RFC 7519 §4.1), read strictly.
struct TokenClaims {
  let subject: String
  /// How policies name the person.
  let policyName: String
  let displayName: String
  let audiences: [String]
  let expiry: Timestamp
  let notBefore: Timestamp?
  let issuedAt: Timestamp
  let roles: Set<Role>
  let groups: Set<String>
  /// Of a service token: the methods that it may call (`package.Service/Method`). Nil: a human's.
  let scope: Set<String>?
  /// What policies may look at: the texts of each claim at the top level that is a string, a boolean
  /// or an array of strings. A claim beyond the bounds is none: what a policy demands of it does not
  /// hold.
  let texts: [String: Set<String>]

  private static let mostEntries = 512
  /// Enough for year 2262, and far from overflow.
  private static let times: ClosedRange<Int64> = 0...9_000_000_000

  init(_ claims: Json, of issuer: Issuer) throws(TokenRefusal) {
    guard let subject = claims["sub"]?.string, Limits.subjectLength.contains(subject.utf8.count),
      subject.unicodeScalars.allSatisfy({ !Self.isControl($0) })
    else { throw .claimsMalformed }
    self.subject = subject
    guard let policyName = issuer.policyName(subject) else { throw .claimsMalformed }
    self.policyName = policyName

    let name = claims["name"]?.string ?? ""
    displayName = String(
      String.UnicodeScalarView(
        name.unicodeScalars.filter { !Self.isControl($0) }
          .prefix(Limits.displayNameLength.upperBound)))

    switch claims["aud"] {
    case .string(let audience): audiences = [audience]
    case .some(let list):
      guard let list = list.strings, list.count <= Self.mostEntries else { throw .claimsMalformed }
      audiences = list
    case nil: throw .audienceWrong
    }

    guard let expiry = try Self.time(claims["exp"]), let issuedAt = try Self.time(claims["iat"])
    else { throw .claimsMalformed }
    self.expiry = expiry
    self.issuedAt = issuedAt
    notBefore = try Self.time(claims["nbf"])

    let words = issuer.roles(try Self.strings(at: issuer.rolesClaim, in: claims))
    roles = Set(Role.allCases.filter { words.contains(.role($0)) })
    // Another issuer's groups are not this one's to give.
    groups = Set(
      try Self.strings(at: issuer.groupsClaim, in: claims).compactMap(issuer.policyName))
    scope = words.contains(.automation) ? try Self.scope(claims["scope"]) : nil
    texts = ClaimTexts.read(claims, besides: [issuer.rolesClaim, issuer.groupsClaim])
  }

  /// RFC 8693 §4.2: words parted by spaces. Without the claim nothing may be called.
  private static func scope(_ claim: Json?) throws(TokenRefusal) -> Set<String> {
    guard let claim else { return [] }
    guard let words = claim.string?.split(separator: " "), words.count <= mostEntries else {
      throw .claimsMalformed
    }
    return Set(words.map(String.init))
  }

  /// Whole seconds since the epoch; RFC 7519 would allow fractions, no issuer writes them.
  private static func time(_ claim: Json?) throws(TokenRefusal) -> Timestamp? {
    guard let claim else { return nil }
    guard let seconds = claim.integer, times.contains(seconds) else { throw .claimsMalformed }
    return Timestamp(seconds: seconds, nanos: 0)
  }

  /// The strings of a claim, or of a path of claims; none where there is no such claim.
  private static func strings(at name: String, in claims: Json) throws(TokenRefusal) -> [String] {
    var claim = claims[name]
    if claim == nil {
      claim = name.split(separator: ".").reduce(Optional(claims)) { $0?[String($1)] }
    }
    guard let claim else { return [] }
    guard let strings = claim.strings, strings.count <= mostEntries,
      strings.allSatisfy({ (1...256).contains($0.utf8.count) })
    else { throw .claimsMalformed }
    return strings
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }
}
