/// What came of reading a message from a tree.
public struct TreeReading<M: Message>: Sendable {
  /// Nil when there is a problem.
  public let message: M?
  /// Everything that is wrong, in the order of the tree.
  public let problems: [TreeProblem]
  /// Where each value stands, by its path in proto names: `stages[0].approvers.quorum`.
  public let places: [String: ValueTree.Place]
}

/// One thing in a tree that cannot be of its message.
public struct TreeProblem: Error, Hashable, Sendable {
  /// In proto names, for instance `stages[0].approvers`; empty for the message itself.
  public let path: String
  public let place: ValueTree.Place?
  public let reason: Reason

  public init(path: String, place: ValueTree.Place?, reason: Reason) {
    self.path = path
    self.place = place
    self.reason = reason
  }

  public enum Reason: Hashable, Sendable {
    /// `known` are the names that may stand there, as in the .proto file.
    case unknownField(known: [String])
    /// Twice, as `tenant_id` and as `tenantId`.
    case repeatedField
    /// Only one member of a oneof may be given.
    case alsoGiven(String)
    case noMapping
    case noList
    case noScalar
    case empty
    case malformed(Expectation, found: String)
    case unknownEnumValue(known: [String], found: String)
    /// The bytes that it gives are no message that may be used.
    case undecodable(DecodingError.Reason)
  }

  public enum Expectation: Hashable, Sendable {
    case boolean
    /// A whole number within these bounds.
    case integer(ClosedRange<Int64>)
    case unsigned(ClosedRange<UInt64>)
    case number
    case base64
    case duration
    case timestamp
    /// Text in quotes.
    case text
  }
}

extension Message {
  /// Reads the message that a tree describes. Names may be written as in the .proto file or as in
  /// JSON; all problems are found at once.
  public static func read(_ tree: ValueTree, _ format: TreeFormat) -> TreeReading<Self> {
    var reader = TreeReader(format: format)
    let bytes = reader.message(tree, descriptor.pointer, "")
    var message: Self?
    if reader.problems.isEmpty {
      do throws(DecodingError) {
        message = try Self(serialized: bytes, limits: .response)
      } catch {
        reader.problems.append(
          TreeProblem(
            path: error.path, place: reader.places[error.path] ?? tree.place,
            reason: .undecodable(error.reason)))
      }
    }
    return TreeReading(message: message, problems: reader.problems, places: reader.places)
  }
}
