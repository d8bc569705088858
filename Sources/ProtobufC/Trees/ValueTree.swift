/// A message or a part of one as JSON and YAML have it in common: names, lists and texts.
///
/// Messages are read from trees and written to them by their descriptors alone, so that a new field
/// needs no code here.
public struct ValueTree: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    case null
    /// `isText`: it stood in quotes, so that it is no number and no boolean.
    case scalar(String, isText: Bool)
    case list([ValueTree])
    case mapping([Member])
  }

  public struct Member: Hashable, Sendable {
    public let name: String
    /// Where the name stands.
    public let place: Place?
    public let value: ValueTree

    public init(_ name: String, at place: Place? = nil, _ value: ValueTree) {
      self.name = name
      self.place = place
      self.value = value
    }
  }

  /// Where something stands in a text; both count from 1.
  public struct Place: Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  public let content: Content
  /// Nil where it was not read from a text.
  public let place: Place?

  public init(_ content: Content, at place: Place? = nil) {
    self.content = content
    self.place = place
  }

  /// The value of a name, where this is a mapping that has it.
  public subscript(name: String) -> ValueTree? {
    guard case .mapping(let members) = content else { return nil }
    return members.first { $0.name == name }?.value
  }
}
