internal import DomainProto
internal import LockboxProto
internal import Web

/// The view model of `decide-narrow.mustache`: the form on which an approver chooses less than
/// stands. It leads to the page that confirms it, and changes nothing.
struct NarrowingPage: Sendable {
  let request: RequestView
  let resources: [Choice]
  let actions: [Choice]
  let durations: [Choice]
  /// What was typed, a line each.
  let below: [String]
  let from: String
  let earliest: Moment?
  let problems: [String]
  let hasProblems: Bool

  /// - Parameter form: what was chosen before; nil: all that stands.
  init(
    _ record: ApprovalsV1.AccessRequestRecord, form: WebForm?, problems: [Narrowing.Problem],
    _ reading: Reading
  ) {
    let standing = record.standingTerms
    let chosen = form.map { Set($0.all("resource")) }
    let chosenActions = form.map { Set($0.all("action")) }
    request = RequestView(record, reading)
    resources = (standing.scope?.resources ?? []).map {
      Choice(value: $0, text: $0, isChosen: chosen?.contains($0) ?? true)
    }
    actions = (standing.scope?.actions ?? []).map {
      Choice($0, reading.texts, isChosen: chosenActions?.contains($0.key) ?? true)
    }
    let longest = Duration(standing.duration) ?? .zero
    durations = Choice.durations(
      upTo: longest, chosen: form?["seconds"].flatMap { Int64($0) }.map { .seconds($0) },
      reading.texts)
    below = reading.lines(form?["below"]?.unixLines ?? "")
    from = form?["from"] ?? ""
    earliest = reading.moment(standing.startTime)
    self.problems = problems.map { reading.texts("narrow.problem_\($0.rawValue)") }
    hasProblems = !problems.isEmpty
  }
}

/// One of what a form offers.
struct Choice: Hashable, Sendable {
  let value: String
  let text: String
  let meaning: String?
  let isChosen: Bool

  init(value: String, text: String, meaning: String? = nil, isChosen: Bool) {
    self.value = value
    self.text = text
    self.meaning = meaning
    self.isChosen = isChosen
  }

  init(_ action: CommonV1.Action, _ texts: Texts, isChosen: Bool) {
    let view = ActionView(action, texts)
    self.init(value: view.key, text: view.word, meaning: view.meaning, isChosen: isChosen)
  }

  /// What people usually choose, and the longest there is, which stands at first.
  static func durations(
    upTo longest: Duration, chosen: Duration?, _ texts: Texts
  ) -> [Choice] {
    let usual = [5, 15, 30, 60, 120, 240, 480].map { Duration.seconds($0 * 60) }
    return (usual.filter { $0 < longest } + [longest]).map { duration in
      Choice(
        value: "\(duration.components.seconds)", text: texts.duration(duration),
        isChosen: duration == chosen ?? longest)
    }
  }
}
