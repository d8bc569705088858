internal import LockboxProto

/// The view model of `access-end.mustache`: how an access or a request is ended, and a review
/// closed, each with a second look.
struct EndingPage: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case revoke, giveBack = "return", withdraw, review
  }

  let request: RequestView
  /// Where the form goes.
  let path: String
  let sentence: String
  let button: String
  let isReview: Bool
  let isAccepted: Bool
  let isDisputed: Bool
  let asksWhy: Bool
  let needsWhy: Bool
  let isGrave: Bool
  /// What was typed, a line each.
  let comment: [String]
  let problem: String?

  init(
    _ kind: Kind, _ record: ApprovalsV1.AccessRequestRecord, comment: String = "",
    verdict: String = "", problem: String? = nil, _ reading: Reading
  ) {
    let view = RequestView(record, reading)
    request = view
    path =
      switch kind {
      case .revoke, .giveBack: "/grants/\(view.grant?.id ?? "")/\(kind.rawValue)"
      case .withdraw, .review: "/requests/\(view.id)/\(kind.rawValue)"
      }
    let text = kind == .review ? "review_close" : kind.rawValue
    sentence = reading.texts(
      "\(text).sentence", ["engineer": view.engineer.name, "tenant": view.tenant])
    button = reading.texts("\(text).button")
    isReview = kind == .review
    isAccepted = verdict == "accepted"
    isDisputed = verdict == "disputed"
    asksWhy = kind != .giveBack
    needsWhy = kind == .revoke || kind == .review
    isGrave = kind == .revoke
    self.comment = reading.lines(comment)
    self.problem = problem
  }
}
