/// Metrics in Prometheus' text format, version 0.0.4.
public struct MetricsText: Sendable {
  public private(set) var text = ""

  public enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  public init() {}

  /// What the samples of a name mean; comes before them, once.
  public mutating func describe(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// One sample.
  ///
  /// - Parameter labels: Values of our own making only: a caller's words would let it make series.
  public mutating func sample(
    _ name: StaticString, suffix: StaticString = "", _ labels: [(String, String)],
    _ value: some CustomStringConvertible
  ) {
    text += "\(name)\(suffix)"
    if !labels.isEmpty {
      let pairs = labels.map { "\($0)=\"\(Self.escaped($1))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  /// One sample without labels.
  public mutating func sample(
    _ name: StaticString, suffix: StaticString = "", _ value: some CustomStringConvertible
  ) {
    sample(name, suffix: suffix, [], value)
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
