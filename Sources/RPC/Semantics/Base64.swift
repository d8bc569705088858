/// RFC 4648 §4, as gRPC uses it in `-bin` fields: written without padding, read with or without.
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> String {
    let count = (bytes.count * 4 + 2) / 3
    return String(unsafeUninitializedCapacity: count) { output in
      var written = 0
      var bits: UInt32 = 0
      var held = 0
      for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        held += 8
        while held >= 6 {
          held -= 6
          output[written] = alphabet[Int(bits >> UInt32(held) & 63)]
          written += 1
        }
      }
      if held > 0 {
        output[written] = alphabet[Int(bits << UInt32(6 - held) & 63)]
        written += 1
      }
      return written
    }
  }

  /// Nil for a foreign character, misplaced padding, a length that no bytes encode to, or bits
  /// beyond the last byte: no two texts of one padding stand for the same bytes (RFC 4648 §3.5).
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var held = 0
    var digits = 0
    var padding = 0
    for character in text {
      if character == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      let value = values[Int(character)]
      guard padding == 0, value != invalid else { return nil }
      digits += 1
      bits = bits << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    guard digits % 4 != 1, padding == 0 || (digits + padding) % 4 == 0, padding <= 2,
      bits & (1 << UInt32(held) - 1) == 0
    else { return nil }
    return bytes
  }

  private static let invalid: UInt8 = 0xff
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: invalid, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()
}
