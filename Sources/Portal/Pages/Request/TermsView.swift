internal import LockboxProto

/// What an engineer would get or has: `request-terms.mustache`.
struct TermsView: Hashable, Sendable {
  let resources: [String]
  let actions: [ActionView]
  let duration: String
  /// Nil: with the last approval.
  let start: Moment?

  init(_ terms: CommonV1.Terms, _ reading: Reading) {
    resources = terms.scope?.resources ?? []
    actions = (terms.scope?.actions ?? []).map { ActionView($0, reading.texts) }
    duration = reading.duration(terms.duration) ?? ""
    start = reading.moment(terms.startTime)
  }
}

/// An action in a word, and what it lets somebody do.
struct ActionView: Hashable, Sendable {
  let key: String
  let word: String
  let meaning: String
  /// Does more than look.
  let isGrave: Bool

  init(_ action: CommonV1.Action, _ texts: Texts) {
    key = action.key
    word = texts("action.\(action.key)")
    meaning = texts("action.\(action.key)_meaning")
    isGrave =
      switch action {
      case .read: false
      case .write, .delete, .export, .execute, .unspecified, .unrecognized: true
      }
  }
}

extension ApprovalsV1.AccessRequestRecord {
  /// What the engineer would get as the request stands.
  var standingTerms: CommonV1.Terms {
    terms ?? CommonV1.Terms(scope: accessRequest?.scope, duration: accessRequest?.duration)
  }

  /// Whether approvals, or the tenant's longest access, left less than was asked for.
  var isNarrowed: Bool {
    guard let terms else { return false }
    return terms.scope != accessRequest?.scope || terms.duration != accessRequest?.duration
      || terms.startTime != extendedGrantEnd
  }

  /// Where somebody decides next.
  var stageNow: CommonV1.Stage? {
    state.isPending && openStage < stages.count ? stages[Int(openStage)] : nil
  }
}
