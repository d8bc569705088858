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
    let key: SigningKey
    do {
      key = try SigningKey(contentsOf: directory.key(of: person.issuer))
    } catch {
      throw .configuration("The key of the issuer \(person.issuer.name) cannot be read: \(error).")
    }
    return CompactJWS.sign(
      Array(claims(person, now: now, lifetime: lifetime).utf8), type: "JWT",
      keyID: person.issuer.keyID, key: key)
  }

  private static func claims(
    _ person: DevelopmentPerson, now: Timestamp, lifetime: Duration
  ) -> String {
    JSONText.object([
      ("iss", JSONText.string(person.issuer.url)), ("sub", JSONText.string(person.subject)),
      ("aud", JSONText.string(DevelopmentDirectory.audience)), ("iat", "\(now.seconds)"),
      ("exp", "\((now + lifetime).seconds)"), ("name", JSONText.string(person.displayName)),
      ("roles", JSONText.array(person.roles.map(JSONText.string))),
      ("groups", JSONText.array(person.groups.map(JSONText.string))),
    ])
  }
}
