internal import ProtobufC

/// JSON for what is no message of ours.
public enum JSONText {
  public static func string(_ text: String) -> String {
    var output = ""
    output.appendJSON(text)
    return output
  }

  public static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

  /// - Parameter members: names of ours, and values that are JSON already.
  public static func object(_ members: [(name: String, value: String)]) -> String {
    "{" + members.map { "\(string($0.name)):\($0.value)" }.joined(separator: ",") + "}"
  }
}
