/// How much one message may hold, and how strict its enums are.
public struct DecodingLimits: Hashable, Sendable {
  /// Levels of messages, the outermost counted.
  public var maximumDepth: Int
  /// Fields on the wire in all levels together, unknown ones counted, packed elements not.
  public var maximumFields: Int
  /// Bytes of memory that the unpacked C structs may take together.
  public var memoryBudget: Int
  /// Whether an enum number that the schema does not know is an error.
  public var refusesUnknownEnumValues: Bool

  public init(
    maximumDepth: Int = 16, maximumFields: Int = 4096, memoryBudget: Int = 8 << 20,
    refusesUnknownEnumValues: Bool = false
  ) {
    self.maximumDepth = maximumDepth
    self.maximumFields = maximumFields
    self.memoryBudget = memoryBudget
    self.refusesUnknownEnumValues = refusesUnknownEnumValues
  }

  /// For stored events and the like: unknown enum numbers are kept.
  public static let standard = DecodingLimits()
  /// For what a client sent: unknown enum numbers are refused.
  public static let request = DecodingLimits(refusesUnknownEnumValues: true)
  /// For what a server answered: a page of 500 records of some hundred fields each.
  public static let response = DecodingLimits(maximumFields: 131_072, memoryBudget: 64 << 20)
}
