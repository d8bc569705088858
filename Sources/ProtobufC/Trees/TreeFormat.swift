/// What trees for programs and trees for people write differently.
public struct TreeFormat: Sendable {
  /// Seconds and nanoseconds of the same sign.
  public typealias Seconds = (seconds: Int64, nanos: Int32)

  /// Whether names are written as in the .proto file, `tenant_id`, or as in JSON, `tenantId`. Both
  /// are read.
  public var writesProtoNames: Bool
  /// Whether enum values are written without the prefix that they share, in lower case:
  /// `production_alert`; read so too, and with `-` for `_`. Full names are always read, and numbers,
  /// which stand for values of a newer build.
  public var hasShortEnumNames: Bool
  /// Whether booleans outside of a oneof are written when they are false.
  public var writesFalse: Bool
  /// A text as a duration, where it is none of ProtoJSON's (`5400s`).
  public var readDuration: @Sendable (String) -> Seconds?
  /// A duration's text; nil: as ProtoJSON writes it.
  public var writeDuration: @Sendable (Seconds) -> String?

  public init(
    writesProtoNames: Bool, hasShortEnumNames: Bool, writesFalse: Bool,
    readDuration: @escaping @Sendable (String) -> Seconds?,
    writeDuration: @escaping @Sendable (Seconds) -> String?
  ) {
    self.writesProtoNames = writesProtoNames
    self.hasShortEnumNames = hasShortEnumNames
    self.writesFalse = writesFalse
    self.readDuration = readDuration
    self.writeDuration = writeDuration
  }

  /// The canonical JSON mapping of proto3.
  public static let json = TreeFormat(
    writesProtoNames: false, hasShortEnumNames: false, writesFalse: false,
    readDuration: { _ in nil }, writeDuration: { _ in nil })
}
