internal import AccessToken
internal import Domain
internal import MerkleLog
internal import Words

/// Tokens of people, signed with a development issuer's key.
enum DevelopmentToken {
  static let usualLifetime = Duration.minutes(10)

  /// - Parameter directory: what `dev init` made.
  static func mint(
    for name: String, in directory: String, now: Timestamp, lifetime: Duration = usualLifetime
  ) throws(Failure) -> String {
    let directory = DevelopmentDirectory(root: directory)
    let people = try PeopleFile.read(directory.people)
    guard let person = people.first(where: { $0.name == name }) else {
      let names = people.map(\.name)
      let hint =
        NearestWord.to(name, among: names).map { "did you mean \($0)?" }
        ?? "known are \(names.joined(separator: ", "))."
      throw Failure(
        .usage, "Nobody is called \(Printable.line(name)) in \(directory.people); \(hint)")
    }
    return try sign(
      person, for: DevelopmentDirectory.audience, in: directory, now: now, lifetime: lifetime)
  }

  /// - Parameters:
  ///   - audience: `aud`.
  ///   - claims: more of them; values are JSON already.
  static func sign(
    _ person: DevelopmentPerson, for audience: String, in directory: DevelopmentDirectory,
    now: Timestamp, lifetime: Duration, adding claims: [(name: String, value: String)] = []
  ) throws(Failure) -> String {
    let key: SigningKey
    do {
      key = try SigningKey(contentsOf: directory.key(of: person.issuer))
    } catch {
      throw .configuration("The key of the issuer \(person.issuer.name) cannot be read: \(error).")
    }
    let all =
      [
        ("iss", JSONText.string(person.issuer.url)), ("sub", JSONText.string(person.subject)),
        ("aud", JSONText.string(audience)), ("iat", "\(now.seconds)"),
        ("exp", "\((now + lifetime).seconds)"), ("name", JSONText.string(person.displayName)),
        ("email", JSONText.string(person.email)), ("email_verified", "true"),
        ("roles", JSONText.array(person.roles.map(JSONText.string))),
        ("groups", JSONText.array(person.groups.map(JSONText.string))),
      ] + claims
    return CompactJWS.sign(
      Array(JSONText.object(all).utf8), type: "JWT", keyID: person.issuer.keyID, key: key)
  }
}
