/// The coding of `grpc-message`: UTF-8, of which everything but printable ASCII, and `%` itself,
/// is written as `%XX`.
///
/// Source: gRPC `doc/PROTOCOL-HTTP2.md`, "Percent-Encoded".
enum PercentCoding {
  static func encode(_ text: String) -> String {
    guard !text.utf8.allSatisfy(isPlain) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 2)
    for byte in text.utf8 {
      if isPlain(byte) {
        bytes.append(byte)
      } else {
        bytes.append(UInt8(ascii: "%"))
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Never fails, as the specification demands: what is no escape stays as it is, what is no UTF-8
  /// becomes the replacement character.
  static func decode(_ wire: some Collection<UInt8>) -> String {
    let wire = Array(wire)
    guard wire.contains(UInt8(ascii: "%")) else { return String(decoding: wire, as: UTF8.self) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(wire.count)
    var index = 0
    while index < wire.count {
      if wire[index] == UInt8(ascii: "%"), index + 2 < wire.count,
        let high = hex(wire[index + 1]), let low = hex(wire[index + 2])
      {
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(wire[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7e).contains(byte) && byte != UInt8(ascii: "%")
  }

  private static func hex(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static let digits = Array("0123456789ABCDEF".utf8)
}
