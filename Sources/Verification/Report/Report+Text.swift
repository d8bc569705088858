internal import Words

extension Report {
  /// One check a line, safe for a terminal.
  public var lines: [String] {
    findings.map { finding in
      let (mark, found) =
        switch finding.outcome {
        case .holds(let found): ("✓", found)
        case .fails(let problem): ("✗", problem)
        case .notReached: ("·", "not reached")
        }
      return Printable.line(
        found.isEmpty ? "\(mark) \(finding.check)" : "\(mark) \(finding.check): \(found)")
    } + restsOn.map { Printable.line("rests on: \($0)") }
  }

  /// `{"holds": …, "checks": [{"check": …, "outcome": …, "detail": …, "entry": …}], "restsOn": […]}`
  public var json: String {
    let checks = findings.map { finding in
      let (outcome, detail) =
        switch finding.outcome {
        case .holds(let found): ("passed", found)
        case .fails(let problem): ("failed", problem)
        case .notReached: ("notReached", "")
        }
      var members = [
        ("check", JSONText.string(finding.check)), ("outcome", JSONText.string(outcome)),
        ("detail", JSONText.string(detail)),
      ]
      if let entry = finding.entry { members.append(("entry", "\(entry)")) }
      return JSONText.object(members)
    }
    return JSONText.object([
      ("holds", holds ? "true" : "false"), ("checks", JSONText.array(checks)),
      ("restsOn", JSONText.array(restsOn.map(JSONText.string))),
    ])
  }
}
