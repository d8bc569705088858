internal import Domain
internal import LockboxProto
internal import RPC

/// The view model of `ask-new.mustache`: the form on which an engineer asks for access.
struct AskingPage: Sendable {
  /// A text, with what is wrong with it.
  struct Field: Hashable, Sendable {
    let id: String
    let problemsID: String
    let isNeeded: Bool
    let value: String
    /// Of several lines.
    let lines: [String]
    let problems: [String]
    let isWrong: Bool
  }

  /// A list of choices, with what is wrong with it.
  struct Choices: Hashable, Sendable {
    let problemsID: String
    let all: [Choice]
    let problems: [String]
    let isWrong: Bool
  }

  let hidden: [HiddenField]
  let tenant: Field
  let workload: Field
  let ticket: Field
  let justification: Field
  let resources: Field
  let reasons: Choices
  let severities: Choices
  let actions: Choices
  let durations: Choices
  let isBreakGlass: Bool
  let breakGlassProblems: [String]
  let isExtension: Bool
  let extends: String
  /// What no field stands for.
  let others: [String]
  let isRefused: Bool
  let hints: HintsView
  /// Warnings were shown, and whoever sends it says that it is meant.
  let asksAgain: Bool

  init(
    _ asking: Asking, violations: [FieldViolation] = [], showsHints: Bool = false,
    asksAgain: Bool = false, _ reading: Reading
  ) {
    let texts = reading.texts
    let problems = Problems(violations)
    hidden = [HiddenField("key", asking.key), HiddenField("extends", asking.extends)]
    tenant = Field("tenant", asking.tenant, problems[.tenant], reading)
    workload = Field("workload", asking.workload, problems[.workload], reading)
    ticket = Field("ticket", asking.ticket, problems[.ticket], reading)
    justification = Field("justification", asking.justification, problems[.justification], reading)
    resources = Field(
      "resources", asking.resources.joined(separator: "\n"), problems[.resources], reading)
    reasons = Choices(
      "reason",
      CommonV1.ReasonCode.known.map {
        Choice(
          value: $0.key, text: texts("reason_code.\($0.key)"), isChosen: $0 == asking.reason)
      }, problems[.reason])
    severities = Choices(
      "severity",
      CommonV1.Severity.known.compactMap { severity in
        severity.key.map {
          Choice(value: $0, text: texts("severity.\($0)"), isChosen: severity == asking.severity)
        }
      }, problems[.severity])
    actions = Choices(
      "action",
      CommonV1.Action.known.map {
        Choice($0, texts, isChosen: asking.actions.contains($0))
      }, problems[.actions])
    durations = Choices(
      "seconds",
      Choice.durations(upTo: Limits.longestAccess, chosen: asking.duration, texts),
      problems[.duration])
    isBreakGlass = asking.isBreakGlass
    breakGlassProblems = problems[.breakGlass]
    isExtension = !asking.extends.isEmpty
    extends = asking.extends
    others = problems[nil]
    isRefused = !violations.isEmpty
    hints = HintsView(showsHints ? asking.hints : [], texts)
    self.asksAgain = asksAgain
  }

  private struct Problems {
    let violations: [FieldViolation]

    init(_ violations: [FieldViolation]) { self.violations = violations }

    /// Which of several resources is meant, only the path says.
    subscript(field: Asking.Field?) -> [String] {
      violations.filter { Asking.field(of: $0.field) == field }.map { violation in
        field == nil || violation.field.contains("[")
          ? "\(violation.field): \(violation.description)" : violation.description
      }
    }
  }
}

extension AskingPage.Field {
  fileprivate init(
    _ id: String, _ value: String, _ problems: [String], _ reading: Reading
  ) {
    self.init(
      id: id, problemsID: "\(id)-problems", isNeeded: id != "ticket",
      value: value, lines: reading.lines(value), problems: problems, isWrong: !problems.isEmpty)
  }
}

extension AskingPage.Choices {
  fileprivate init(_ id: String, _ all: [Choice], _ problems: [String]) {
    self.init(
      problemsID: "\(id)-problems", all: all, problems: problems, isWrong: !problems.isEmpty)
  }
}

/// The view model of `ask-hints.mustache`.
struct HintsView: Hashable, Sendable {
  struct Hint: Hashable, Sendable {
    let text: String
    let isWarning: Bool
  }

  let all: [Hint]
  let any: Bool

  init(_ hints: [Justification.Hint], _ texts: Texts) {
    all = hints.map { Hint(text: texts("hint.\($0.rawValue)"), isWarning: $0.isWarning) }
    any = !hints.isEmpty
  }
}
