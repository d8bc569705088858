internal import AccessToken

extension Verdict {
  /// One check a row.
  var table: Table {
    var table = Table("", "CHECK", "FOUND")
    for check in checks {
      let name = Styled(check.subject.words)
      switch check.outcome {
      case .passed(let found): table.add(Styled("✓", .good), name, Styled(found))
      case .failed(let problem): table.add(Styled("✗", .bad), name, Styled(problem, .bad))
      case .notReached: table.add(Styled("·", .faint), name, Styled("not reached", .faint))
      }
    }
    return table
  }

  /// `{"holds": …, "checks": [{"check": …, "outcome": …, "detail": …}]}`
  var json: String {
    let checks = checks.map { check in
      let (outcome, detail) =
        switch check.outcome {
        case .passed(let found): ("passed", found)
        case .failed(let problem): ("failed", problem)
        case .notReached: ("notReached", "")
        }
      return JSONText.object([
        ("check", JSONText.string(check.subject.rawValue)), ("outcome", JSONText.string(outcome)),
        ("detail", JSONText.string(detail)),
      ])
    }
    return JSONText.object([
      ("holds", holds ? "true" : "false"), ("checks", JSONText.array(checks)),
    ])
  }
}

extension Check.Subject {
  fileprivate var words: String {
    switch self {
    case .format: "form of the token"
    case .algorithm: "algorithm"
    case .type: "type of the token"
    case .key: "signing key"
    case .signature: "signature"
    case .claims: "claims"
    case .issuer: "issuer"
    case .audience: "audience"
    case .issued: "issued"
    case .expiry: "expires"
    case .lifetime: "lifetime"
    case .window: "grant's window"
    case .log: "tenant's log"
    case .checkpoint: "checkpoint"
    case .inclusion: "inclusion in the log"
    case .event: "logged event"
    case .tenant: "logged tenant"
    case .request: "logged request"
    case .grant: "logged grant"
    case .digest: "logged digest"
    case .engineer: "logged engineer"
    case .scope: "logged scope"
    case .times: "logged window"
    case .breakGlass: "break-glass"
    }
  }
}
