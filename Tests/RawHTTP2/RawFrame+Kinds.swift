extension RawFrame {
  /// What a client says first (RFC 9113 §3.4).
  public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  public static func data(_ text: String, _ flags: Flags = [], on stream: UInt32 = 1) -> RawFrame {
    RawFrame(.data, flags, on: stream, Array(text.utf8))
  }

  /// A call's message with its five bytes of length, as gRPC has it.
  public static func message(
    _ bytes: [UInt8], _ flags: Flags = .endStream, on stream: UInt32
  ) -> RawFrame {
    RawFrame(.data, flags, on: stream, [0] + UInt32(bytes.count).bigEndianBytes + bytes)
  }

  public static func headers(
    _ block: [UInt8], _ flags: Flags = .whole, on stream: UInt32 = 1
  ) -> RawFrame {
    RawFrame(.headers, flags, on: stream, block)
  }

  public static func continuation(
    _ block: [UInt8], _ flags: Flags = [], on stream: UInt32 = 1
  ) -> RawFrame {
    RawFrame(.continuation, flags, on: stream, block)
  }

  /// - Parameter weight: one less than the weight meant, as on the wire.
  public static func priority(
    on stream: UInt32, dependingOn parent: UInt32 = 0, isExclusive: Bool = false,
    weight: UInt8 = 255
  ) -> RawFrame {
    let dependency = isExclusive ? parent | 0x8000_0000 : parent
    return RawFrame(.priority, on: stream, dependency.bigEndianBytes + [weight])
  }

  public static func reset(_ code: ErrorCode, on stream: UInt32 = 1) -> RawFrame {
    RawFrame(.reset, on: stream, code.rawValue.bigEndianBytes)
  }

  public static func settings(_ entries: (Setting, UInt32)...) -> RawFrame {
    RawFrame(.settings, payload: payload(entries))
  }

  /// Of the whole connection.
  public init(_ kind: Kind, payload: [UInt8]) {
    self.init(kind, [], on: 0, payload)
  }

  private static func payload(_ entries: [(Setting, UInt32)]) -> [UInt8] {
    entries.flatMap { $0.0.rawValue.bigEndianBytes + $0.1.bigEndianBytes }
  }

  public static let settingsAcknowledgement = RawFrame(.settings, .acknowledgement)

  /// - Parameter opaque: cut or filled with zeros to the eight bytes there have to be.
  public static func ping(_ opaque: String = "", _ flags: Flags = []) -> RawFrame {
    let bytes = Array(opaque.utf8.prefix(8))
    return RawFrame(.ping, flags, on: 0, bytes + [UInt8](repeating: 0, count: 8 - bytes.count))
  }

  public static func goAway(_ code: ErrorCode, debug: String = "") -> RawFrame {
    RawFrame(.goAway, payload: [0, 0, 0, 0] + code.rawValue.bigEndianBytes + Array(debug.utf8))
  }

  public static func windowUpdate(_ increment: UInt32, on stream: UInt32 = 0) -> RawFrame {
    RawFrame(.windowUpdate, on: stream, increment.bigEndianBytes)
  }
}

/// RFC 9113 §6.5.2.
public struct Setting: RawRepresentable, Sendable, Hashable {
  public var rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let headerTableSize = Setting(rawValue: 1)
  public static let enablePush = Setting(rawValue: 2)
  public static let maxConcurrentStreams = Setting(rawValue: 3)
  public static let initialWindowSize = Setting(rawValue: 4)
  public static let maxFrameSize = Setting(rawValue: 5)
  public static let maxHeaderListSize = Setting(rawValue: 6)
}
