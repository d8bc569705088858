/// A type that keys of protobuf maps may have, and the order in which they are written.
public protocol MapKey: Hashable {
  static func precedes(_ left: Self, _ right: Self) -> Bool
}

extension String: MapKey {
  /// By UTF-8 bytes: unlike `<`, the same under every version of Unicode.
  public static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

extension Bool: MapKey {
  public static func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }
}

extension MapKey where Self: FixedWidthInteger {
  public static func precedes(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension Int32: MapKey {}
extension Int64: MapKey {}
extension UInt32: MapKey {}
extension UInt64: MapKey {}
