internal import Domain
internal import LockboxProto
internal import Words

/// Everything that notices say in one language. Sentences are Mustache templates over `NoticeFacts`'
/// values; nothing in them is markup.
struct NoticeWords: Sendable {
  struct Sentence: Sendable {
    let subject: String
    let lead: String

    init(_ subject: String, _ lead: String) {
      self.subject = subject
      self.lead = lead
    }
  }

  /// By `kind` or `kind.audience`, the more special first.
  let sentences: [String: Sentence]
  let labels: [Label: String]
  /// What has become of a request, in the middle of a sentence: "has been denied".
  let phases: [RequestProgress.Phase: String]
  let reasons: [CommonV1.ReasonCode: String]
  let severities: [CommonV1.Severity: String]
  let actions: [CommonV1.Action: String]
  /// Of a digest, with `{{count}}`.
  let digestSubject: String

  enum Label: String, Sendable, CaseIterable {
    case tenant, engineer, workload, reason, severity, ticket, duration, actions, resources
    case justification, stage, deadline, approvals, available, accessStart, accessEnd, granted
    case decidedBy, comment, by, author, text, reviewDue, verdict, lockbox, version, key, keyUsable
    case request, since, open, footer, on, off, repeated
  }

  func sentence(_ kind: NoticeKind, _ audience: Audience) -> Sentence {
    let name = CommonV1.NoticeKind(rawValue: kind.rawValue).templateName
    return sentences["\(name).\(audience.name)"] ?? sentences[name] ?? Sentence(name, name)
  }

  subscript(_ label: Label) -> String { labels[label] ?? label.rawValue }

  static func of(_ language: NoticeLanguage) -> NoticeWords {
    switch language {
    case .english: english
    case .german: german
    }
  }
}

extension CommonV1.NoticeKind {
  /// As the templates name it: `approval_needed`.
  var templateName: String { words.replacing("-", with: "_") }
}

extension Audience {
  var name: String {
    switch self {
    case .customer: "customer"
    case .managers: "managers"
    case .engineer: "engineer"
    }
  }
}
