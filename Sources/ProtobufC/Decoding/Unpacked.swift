public import CProtobufC

/// What generated code reads C structs with. Everything is copied; the guard has checked before
/// that strings are valid UTF-8.
public enum Unpacked {
  @inlinable
  public static func string(_ value: UnsafeMutablePointer<CChar>?) -> String {
    guard let value, value.pointee != 0 else { return "" }
    return String(cString: value)
  }

  public static func bytes(_ value: ProtobufCBinaryData) -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: value.data, count: value.len))
  }

  @inlinable
  public static func message<M: Message, C>(_ value: UnsafeMutablePointer<C>?) -> M? {
    value.map { M(unpacked: UnsafeRawPointer($0)) }
  }

  /// A map entry or oneof member that the wire leaves out is the empty message.
  @inlinable
  public static func messageOrEmpty<M: Message, C>(_ value: UnsafeMutablePointer<C>?) -> M {
    value.map { M(unpacked: UnsafeRawPointer($0)) } ?? M()
  }

  @inlinable
  public static func array<C, Element>(
    _ start: UnsafeMutablePointer<C>?, _ count: Int, _ convert: (C) -> Element
  ) -> [Element] {
    guard count > 0 else { return [] }
    return UnsafeBufferPointer(start: start, count: count).map(convert)
  }

  /// The last of several entries with one key counts, as the protobuf encoding demands.
  @inlinable
  public static func map<C, Key: Hashable, Value>(
    _ start: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?, _ count: Int,
    _ convert: (UnsafeMutablePointer<C>) -> (Key, Value)
  ) -> [Key: Value] {
    var map: [Key: Value] = [:]
    for case let entry? in UnsafeBufferPointer(start: start, count: count) {
      let (key, value) = convert(entry)
      map[key] = value
    }
    return map
  }
}
