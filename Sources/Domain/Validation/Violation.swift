/// One thing that is wrong with an input: which field, and what would be right.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field's path as in the proto, for instance `scope.resources[3]`.
  public let field: String
  /// One clear sentence without the final period.
  public let problem: String

  public init(field: String, problem: String) {
    self.field = field
    self.problem = problem
  }

  public var description: String { "\(field): \(problem)" }
}

/// Collects every violation of one input, so that a caller learns of all at once.
public struct Violations: Hashable, Sendable {
  public private(set) var found: [Violation] = []

  public init() {}

  public mutating func add(_ field: String, _ problem: String) {
    found.append(Violation(field: field, problem: problem))
  }

  public mutating func require(_ condition: Bool, _ field: String, _ problem: String) {
    if !condition { add(field, problem) }
  }

  /// `value`, or a violation when it is nil.
  public mutating func unwrap<Value>(
    _ value: Value?, _ field: String, _ problem: String
  ) -> Value? {
    if value == nil { add(field, problem) }
    return value
  }

  /// Text of `length` Unicode scalars without control characters (lines and tabs where `lines`).
  public mutating func text(
    _ text: String, _ field: String, length: ClosedRange<Int>, lines: Bool = false
  ) {
    let count = text.unicodeScalars.count
    if count < length.lowerBound {
      add(field, count == 0 ? "is missing" : "is too short: \(length.lowerBound) at least")
    } else if count > length.upperBound {
      add(field, "is \(count) characters long; at most \(length.upperBound) are allowed")
    }
    if text.unicodeScalars.contains(where: { isForbidden($0, lines: lines) }) {
      add(field, "contains control characters")
    }
  }

  /// How many elements a list has.
  public mutating func count(_ count: Int, _ field: String, in range: ClosedRange<Int>) {
    if count < range.lowerBound {
      add(field, count == 0 ? "is missing" : "has \(count) elements; at least \(range.lowerBound)")
    } else if count > range.upperBound {
      add(field, "has \(count) elements; at most \(range.upperBound) are allowed")
    }
  }

  public mutating func duration(
    _ duration: Duration, _ field: String, in range: ClosedRange<Duration>
  ) {
    require(
      range.contains(duration), field,
      "must be between \(range.lowerBound) and \(range.upperBound)")
  }
}

/// Control characters, and the bidirectional controls that make text read other than it is
/// (Unicode TR36 §3.1).
private func isForbidden(_ scalar: Unicode.Scalar, lines: Bool) -> Bool {
  switch scalar.value {
  case 0x09, 0x0A: !lines
  case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
  default: false
  }
}
