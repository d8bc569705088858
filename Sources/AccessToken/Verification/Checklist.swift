/// Collects the checks of one verdict.
struct Checklist {
  private var outcomes: [Check.Subject: Check.Outcome] = [:]

  mutating func pass(_ subject: Check.Subject, _ found: String) {
    outcomes[subject] = .passed(found)
  }

  mutating func fail(_ subject: Check.Subject, _ problem: String) {
    outcomes[subject] = .failed(problem)
  }

  /// - Returns: `holds`.
  @discardableResult
  mutating func check(
    _ subject: Check.Subject, _ holds: Bool, _ found: String, else problem: String
  ) -> Bool {
    outcomes[subject] = holds ? .passed(found) : .failed(problem)
    return holds
  }

  /// What nobody checked was not reached: a verdict never holds by omission.
  func verdict(_ claims: AccessTokenClaims?) -> Verdict {
    Verdict(
      checks: Check.Subject.allCases.map {
        Check(subject: $0, outcome: outcomes[$0] ?? .notReached)
      }, claims: claims)
  }
}

/// Equal bytes: Swift's own equality holds é and e + ´ for one.
func identical(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}
