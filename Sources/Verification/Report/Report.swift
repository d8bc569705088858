/// The outcome of a verification: everything that was looked at, in order.
public struct Report: Hashable, Sendable {
  public private(set) var findings: [Finding] = []
  /// What the verdict takes for granted besides the keys, a sentence each.
  public private(set) var restsOn: [String] = []

  public init() {}

  /// Something was checked, and everything holds: a verdict never holds by omission.
  public var holds: Bool {
    !findings.isEmpty
      && findings.allSatisfy { finding in
        if case .holds = finding.outcome { true } else { false }
      }
  }

  /// The first finding that fails.
  public var firstFailure: Finding? { findings.first { $0.problem != nil } }

  public mutating func hold(_ check: String, _ found: String) {
    findings.append(Finding(check, .holds(found)))
  }

  public mutating func fail(_ check: String, _ problem: String, entry: UInt64? = nil) {
    findings.append(Finding(check, .fails(problem), entry: entry))
  }

  public mutating func add(_ finding: Finding) { findings.append(finding) }

  public mutating func add(_ other: Report) {
    findings += other.findings
    restsOn += other.restsOn
  }

  public mutating func rest(on sentence: String) { restsOn.append(sentence) }
}
