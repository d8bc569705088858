internal import LockboxProto

/// Somebody as a page names them: `request-person.mustache`. The display name is what their issuer
/// says today; the id with the issuer is who they are.
struct PersonView: Hashable, Sendable {
  let name: String
  let id: String
  let issuer: String

  init(_ subject: CommonV1.Subject?) {
    let subject = subject ?? .init()
    name = subject.displayName.isEmpty ? subject.id : subject.displayName
    id = subject.id
    issuer = subject.issuer
  }
}
