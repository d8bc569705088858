/// An id of one kind: a UUIDv7 that cannot be taken for an id of another kind.
public struct ID<Kind>: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let uuid: UUIDv7

  public init(_ uuid: UUIDv7) {
    self.uuid = uuid
  }

  /// Reads the 36-character lower-case form.
  public init?(_ text: String) {
    guard let uuid = UUIDv7(text) else { return nil }
    self.uuid = uuid
  }

  /// A new id of this moment.
  public static func make(at moment: Timestamp) -> Self {
    var generator = SystemRandomNumberGenerator()
    return Self(UUIDv7(at: moment, using: &generator))
  }

  /// The least that an id of this moment can be: what is older sorts before it.
  public static func least(at moment: Timestamp) -> Self { Self(UUIDv7(leastAt: moment)) }

  public static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
  public var description: String { uuid.description }
}

public enum RequestKind {}
public enum GrantKind {}
public enum EventKind {}
public enum TokenKind {}

public typealias RequestID = ID<RequestKind>
public typealias GrantID = ID<GrantKind>
public typealias EventID = ID<EventKind>
public typealias TokenID = ID<TokenKind>
