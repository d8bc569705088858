/// Why bytes are not a message that may be used.
public struct DecodingError: Error, Hashable, Sendable {
  /// The field in proto names, for instance `scope.resources[3]`; empty for the message itself.
  public var path: String
  public var reason: Reason

  public init(path: String = "", reason: Reason) {
    self.path = path
    self.reason = reason
  }

  public enum Reason: Hashable, Sendable {
    /// The bytes end inside a field, or a length points beyond the end of its message.
    case truncated
    /// A varint of more than 10 bytes or 64 bits; a tag or length of more than 5 bytes.
    case overlongVarint
    /// Field number 0 or above 2²⁹ − 1.
    case invalidFieldNumber
    /// Wire type 6 or 7, or another one than the field's type has.
    case wrongWireType
    /// A group (wire types 3 and 4).
    case group
    /// A packed field whose length is no multiple of its elements'.
    case malformedPackedField
    /// U+0000 inside a string.
    case embeddedNUL
    case invalidUTF8
    /// A singular field twice, or two members of one oneof.
    case repeatedSingularField
    case unknownEnumValue(Int32)
    /// More levels of messages than `DecodingLimits.maximumDepth`.
    case tooDeep
    /// More fields than `DecodingLimits.maximumFields`.
    case tooManyFields
    /// More memory than `DecodingLimits.memoryBudget`.
    case memoryBudgetExceeded
    /// protobuf-c refused what the guard let pass.
    case malformed
  }
}

extension DecodingError: CustomStringConvertible {
  public var description: String {
    path.isEmpty ? "\(reason)" : "\(path): \(reason)"
  }
}

extension DecodingError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated: "the bytes end too early"
    case .overlongVarint: "a number is too long"
    case .invalidFieldNumber: "the field number is invalid"
    case .wrongWireType: "the wire type is wrong"
    case .group: "groups are not supported"
    case .malformedPackedField: "the packed field has a wrong length"
    case .embeddedNUL: "the string holds a NUL character"
    case .invalidUTF8: "the string is not valid UTF-8"
    case .repeatedSingularField: "the field is given more than once"
    case .unknownEnumValue(let value): "the enum value \(value) is unknown"
    case .tooDeep: "the message nests too deep"
    case .tooManyFields: "the message has too many fields"
    case .memoryBudgetExceeded: "the message takes too much memory"
    case .malformed: "the message is malformed"
    }
  }
}
