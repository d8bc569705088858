internal import FuzzSupport

/// One thing that a fuzzed client does. A step begins with a byte that says which.
enum ClientStep {
  /// Sends this, in one read with what came before.
  case bytes([UInt8])
  /// What was sent so far arrives at once.
  case endOfRead
  /// Nothing comes for a second.
  case second
  /// The server is told to stop.
  case drain

  /// The magic string and empty settings (RFC 9113 §3.4).
  static let preface =
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(type: 4, flags: 0, stream: 0, [])

  /// 0–9: a frame of this type with flags, stream and payload; 10: raw bytes; 15: a frame of an
  /// unknown type. Lengths are right, so that the fuzzer need not find them; raw bytes break them.
  init(_ input: inout FuzzInput) {
    let kind = input.byte()
    switch kind % 16 {
    case 10: self = .bytes(input.lengthPrefixed())
    case 11, 12: self = .endOfRead
    case 13: self = .second
    case 14: self = .drain
    case let type:
      let flags = input.byte()
      let stream = input.byte()
      let payload = input.lengthPrefixed()
      self = .bytes(
        Self.frame(type: type == 15 ? 0xbe : type, flags: flags, stream: stream, payload))
    }
  }

  private static func frame(
    type: UInt8, flags: UInt8, stream: UInt8, _ payload: [UInt8]
  ) -> [UInt8] {
    [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, stream] + payload
  }
}
