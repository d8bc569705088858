internal import CNghttp2

/// A field of a header list as nghttp2 hands it over: it lets none through that RFC 9113 §8.2
/// forbids.
public struct HeaderField {
  public let name: [UInt8]
  public let value: [UInt8]

  /// A length and the name, a length and the value. Nil for a field that nghttp2 refuses.
  public init?(_ input: inout FuzzInput) {
    name = input.lengthPrefixed()
    value = input.lengthPrefixed()
    let text = String(decoding: name, as: UTF8.self)
    guard nghttp2_check_header_value(value, value.count) != 0, !Self.hopByHop.contains(text),
      nghttp2_check_header_name(name, name.count) != 0, name != [UInt8(ascii: ":")]
    else { return nil }
    if text == ":status" {
      guard value.count == 3, value.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    }
  }

  public init(_ name: String, _ value: String) {
    self.name = Array(name.utf8)
    self.value = Array(value.utf8)
  }

  private static let hopByHop: Set<String> = [
    "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
  ]

  /// Lends name and value for one call.
  public func lend<Result>(
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    name.withUnsafeBufferPointer { name in value.withUnsafeBufferPointer { body(name, $0) } }
  }
}
