public import Domain
internal import ProtobufC

/// What the formats have fields for, found by name wherever an event's kind has it.
extension EntryRecord {
  var meaning: EventMeaning { EventMeaning.of(kind) }

  /// RFC 3339.
  var timeText: String { tree["time"]?.text ?? "" }
  /// When the event happened.
  public var time: Timestamp { Timestamp(rfc3339: timeText) ?? .epoch }
  var requestID: String { tree["requestId"]?.text ?? "" }
  var traceparent: String { tree["trace"]?["traceparent"]?.text ?? "" }

  var actor: Party? { tree["actor"]?["subject"].flatMap { Party($0) } }
  var actorRole: String { tree["actor"]?["role"]?.text ?? "" }
  /// As the .proto file names it.
  var authentication: String { tree["actor"]?["authentication"]?.text ?? "" }

  /// Who gets or wants access.
  var engineer: Party? { first(in: [request, grant, payload], "engineer").flatMap { Party($0) } }
  var grantID: String { first(in: [payload, grant], "grantId")?.text ?? "" }
  var tokenID: String { payload["tokenId"]?.text ?? "" }
  var workload: String {
    first(in: [request, payload, payload["policy"]], "workload")?.text ?? ""
  }
  var ticket: String { request?["ticket"]?.text ?? "" }
  /// Without the prefix that all share: `CUSTOMER_INITIATED_SUPPORT`.
  var reason: String {
    let code = first(in: [request, payload], "reasonCode")?.text
    return (code ?? payload["reason"]?.text ?? "").removing("REASON_CODE_").removing("END_REASON_")
  }
  /// `APPROVE` or `DENY` of a decision, `ACCEPTED` or `DISPUTED` of a review.
  var verdict: String {
    let verdict = first(in: [payload["decision"], payload["review"]], "verdict")?.text ?? ""
    return verdict.removing("REVIEW_VERDICT_").removing("VERDICT_")
  }
  var resources: [String] { scope?["resources"]?.texts ?? [] }
  var actions: [String] { (scope?["actions"]?.texts ?? []).map { $0.removing("ACTION_") } }

  /// What a person wrote; nil where nobody did, or where it is withheld.
  var comment: String? {
    first(in: [request], "justification")?.text
      ?? first(in: [payload["decision"], payload["review"], payload], "comment")?.text
      ?? payload["entry"]?["text"]?.text
  }

  private var request: ValueTree? { payload["accessRequest"] }
  private var grant: ValueTree? { payload["grant"] }
  private var scope: ValueTree? { first(in: [request, grant, payload], "scope") }

  private func first(in trees: [ValueTree?], _ name: String) -> ValueTree? {
    for tree in trees {
      if let value = tree?[name] { return value }
    }
    return nil
  }
}

/// A person or service as its issuer names it.
struct Party: Hashable, Sendable {
  let issuer: String
  let id: String
  let name: String

  init?(_ subject: ValueTree) {
    guard let id = subject["id"]?.text, !id.isEmpty else { return nil }
    self.id = id
    issuer = subject["issuer"]?.text ?? ""
    name = subject["displayName"]?.text ?? ""
  }
}

extension ValueTree {
  /// The text of a scalar.
  var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  /// The texts of a list of scalars.
  var texts: [String] {
    guard case .list(let elements) = content else { return [] }
    return elements.compactMap(\.text)
  }
}

extension String {
  func removing(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
