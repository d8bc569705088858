/// One HTTP/2 frame as it is on the wire (RFC 9113 §4.1), right or wrong: nothing is checked.
public struct RawFrame: Sendable, Hashable {
  public var kind: Kind
  public var flags: Flags
  public var stream: UInt32
  public var payload: [UInt8]

  public init(_ kind: Kind, _ flags: Flags = [], on stream: UInt32 = 0, _ payload: [UInt8] = []) {
    self.kind = kind
    self.flags = flags
    self.stream = stream
    self.payload = payload
  }

  /// RFC 9113 §6; any other number is an extension.
  public struct Kind: RawRepresentable, Sendable, Hashable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let data = Kind(rawValue: 0)
    public static let headers = Kind(rawValue: 1)
    public static let priority = Kind(rawValue: 2)
    public static let reset = Kind(rawValue: 3)
    public static let settings = Kind(rawValue: 4)
    public static let pushPromise = Kind(rawValue: 5)
    public static let ping = Kind(rawValue: 6)
    public static let goAway = Kind(rawValue: 7)
    public static let windowUpdate = Kind(rawValue: 8)
    public static let continuation = Kind(rawValue: 9)
    /// Of no RFC.
    public static let unknown = Kind(rawValue: 0x16)
  }

  public struct Flags: OptionSet, Sendable, Hashable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Of SETTINGS and PING.
    public static let acknowledgement = Flags(rawValue: 0x1)
    public static let endStream = Flags(rawValue: 0x1)
    public static let endHeaders = Flags(rawValue: 0x4)
    public static let padded = Flags(rawValue: 0x8)
    public static let priority = Flags(rawValue: 0x20)
    /// `endStream` and `endHeaders`: a request without a body, in one frame.
    public static let whole: Flags = [.endStream, .endHeaders]
  }

  public static let headerLength = 9

  /// Header and payload. The length field holds the payload's length, whatever that is.
  public var bytes: [UInt8] {
    let length = UInt32(payload.count)
    return length.bigEndianBytes[1...] + [kind.rawValue, flags.rawValue] + stream.bigEndianBytes
      + payload
  }
}

extension FixedWidthInteger {
  public var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}

/// RFC 9113 §7; any other number is one that nobody knows.
public struct ErrorCode: RawRepresentable, Sendable, Hashable {
  public var rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let noError = ErrorCode(rawValue: 0)
  public static let protocolError = ErrorCode(rawValue: 1)
  public static let flowControlError = ErrorCode(rawValue: 3)
  public static let streamClosed = ErrorCode(rawValue: 5)
  public static let frameSizeError = ErrorCode(rawValue: 6)
  public static let refusedStream = ErrorCode(rawValue: 7)
  public static let cancel = ErrorCode(rawValue: 8)
  public static let compressionError = ErrorCode(rawValue: 9)
  public static let enhanceYourCalm = ErrorCode(rawValue: 11)
}
