/// A protobuf enum. Numbers that this build does not know are kept, so that an event of a newer
/// service passes through an older one unharmed.
public protocol Enumeration: Hashable, Sendable {
  /// Every value in the .proto file, in its order.
  static var allKnown: [Self] { get }
  init(rawValue: Int32)
  var rawValue: Int32 { get }
  /// As in the .proto file (`ACTION_READ`); an unknown number in decimal digits.
  var name: String { get }
}

extension Enumeration {
  /// The value of this name in the .proto file; nil when there is none.
  public init?(name: String) {
    guard let value = Self.allKnown.first(where: { $0.name == name }) else { return nil }
    self = value
  }
}
