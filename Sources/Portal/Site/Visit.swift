internal import Domain
internal import ServiceKit
internal import Web
internal import Words

/// One request of somebody who is signed in: all that a page's handler needs.
struct Visit: Sendable {
  let request: WebRequest
  let session: Session
  /// Who it is, by their own verified token. For what to show; what they may do, the API says.
  let person: VerifiedPerson
  /// For people: of their issuer's entry in `clients.yaml`.
  let organisationName: String
  /// The API as this person.
  let api: PersonAPI
  let texts: Texts
  let reader: Reader
  let now: Timestamp

  /// What stands where the pattern of the route says `:name`.
  func parameter(_ name: String) -> String { request.parameters[name] ?? "" }

  /// The name that the issuer gives, or the subject's id.
  var personName: String {
    person.subject.displayName.isEmpty ? person.subject.id : person.subject.displayName
  }

  /// The tenant whose person it is; nil for the provider's people.
  var tenant: TenantID? { person.tenant }

  // MARK: - For view models

  /// A moment in the reader's zone.
  func moment(_ moment: Timestamp) -> Moment { Moment(moment, reader.zone, texts) }

  /// Text of several lines, to be shown line by line: `{{#lines}}{{.}}<br>{{/lines}}`.
  func lines(_ text: String) -> [String] { Printable.lines(text) }
}
