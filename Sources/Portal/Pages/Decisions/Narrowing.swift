internal import Domain
internal import DomainProto
internal import LockboxProto
internal import StandardProto
internal import Web

/// What an approver chose to give instead of all that stands.
struct Narrowing: Hashable, Sendable {
  var resources: [String] = []
  var actions: [CommonV1.Action] = []
  var duration: Duration?
  var start: Timestamp?

  /// What somebody chose and nobody can give: `narrow.problem_<word>`.
  enum Problem: String, Error, Hashable, CaseIterable {
    case noResource = "resource"
    case tooWide = "wide"
    case noAction = "action"
    case badDuration = "duration"
    case badStart = "start"
  }

  /// Reads the form: the resources that are ticked, and narrower ones a line each; nil where the
  /// form does not narrow.
  init?(_ form: WebForm, within standing: CommonV1.Terms, problems: inout [Problem]) {
    guard form.text("narrow") == "1" else { return nil }
    let below = form.text("below").split(whereSeparator: \.isNewline).map { $0.trimmed }
    var seen: Set<[UInt8]> = []
    resources = (form.all("resource") + below.filter { !$0.isEmpty })
      .filter { seen.insert(Array($0.utf8)).inserted }
    let chosen = Set(form.all("action"))
    actions = (standing.scope?.actions ?? []).filter { chosen.contains($0.key) }
    if resources.isEmpty { problems.append(.noResource) }
    if actions.isEmpty { problems.append(.noAction) }
    let offered = Scope(resources: standing.scope?.resources ?? [], actions: [])
    if !Scope(resources: resources, actions: []).isWithin(offered) { problems.append(.tooWide) }
    let longest = Duration(standing.duration) ?? .zero
    if let seconds = Int64(form.text("seconds")), seconds > 0, .seconds(seconds) <= longest {
      duration = .seconds(seconds)
    } else {
      problems.append(.badDuration)
    }
    if !form.text("from").trimmed.isEmpty {
      start = Timestamp(form: form.text("from").trimmed)
      if start == nil { problems.append(.badStart) }
    }
  }

  /// The whole terms to approve. The same form gives the same terms again once they stand.
  func terms(within standing: CommonV1.Terms) -> CommonV1.Terms {
    var terms = standing
    terms.scope = .init(resources: resources, actions: actions)
    if let duration { terms.duration = .init(duration) }
    if let start { terms.startTime = .init(nanosecondsSinceEpoch: start.nanoseconds) }
    return terms
  }

  /// The form again, for the page that confirms it.
  var fields: [HiddenField] {
    [HiddenField("narrow", "1")]
      + resources.map { HiddenField("resource", $0) }
      + actions.map { HiddenField("action", $0.key) }
      + (duration.map { [HiddenField("seconds", "\($0.components.seconds)")] } ?? [])
      + (start.map { [HiddenField("from", $0.description)] } ?? [])
  }
}

extension Timestamp {
  /// What `<input type="datetime-local">` sends, in UTC (`2026-11-23T01:00`), or RFC 3339.
  init?(form text: String) {
    for ending in ["", "Z", ":00Z"] {
      guard let time = Timestamp(rfc3339: text + ending) else { continue }
      self = time
      return
    }
    return nil
  }
}
