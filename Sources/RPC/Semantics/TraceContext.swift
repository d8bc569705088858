/// Where a call stands in a distributed trace: the value of a `traceparent` field.
///
/// Source: W3C Trace Context, level 1, §3.2.
public struct TraceContext: Sendable, Hashable {
  /// 16 bytes, never all zero.
  public let traceID: UInt128
  /// The caller's span, never zero.
  public let parentID: UInt64
  public let isSampled: Bool

  /// Nil when an id is zero.
  public init?(traceID: UInt128, parentID: UInt64, isSampled: Bool) {
    guard traceID != 0, parentID != 0 else { return nil }
    self.traceID = traceID
    self.parentID = parentID
    self.isSampled = isSampled
  }

  /// Begins a trace.
  public init(isSampled: Bool, using random: inout some RandomNumberGenerator) {
    traceID = UInt128.random(in: 1...UInt128.max, using: &random)
    parentID = UInt64.random(in: 1...UInt64.max, using: &random)
    self.isSampled = isSampled
  }

  /// The same trace, one span further.
  public func child(using random: inout some RandomNumberGenerator) -> TraceContext {
    TraceContext(
      traceID, parentID: UInt64.random(in: 1...UInt64.max, using: &random), isSampled: isSampled)
  }

  private init(_ traceID: UInt128, parentID: UInt64, isSampled: Bool) {
    self.traceID = traceID
    self.parentID = parentID
    self.isSampled = isSampled
  }
}

extension TraceContext {
  /// Reads a `traceparent`. Versions beyond 00 are read as 00 with more behind it, as the
  /// specification asks; anything malformed is nil, and the receiver begins a trace of its own.
  public init?(traceparent: String) {
    let bytes = Array(traceparent.utf8)
    let dash = UInt8(ascii: "-")
    guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
      let version = Self.hex(bytes[0..<2]), version != 0xff,
      version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == dash,
      let traceID = Self.hex(bytes[3..<35]), let parentID = Self.hex(bytes[36..<52]),
      let flags = Self.hex(bytes[53..<55])
    else { return nil }
    self.init(traceID: traceID, parentID: UInt64(parentID), isSampled: flags & 1 == 1)
  }

  /// The value to send, version 00.
  public var traceparent: String {
    "00-\(traceIDText)-\(Self.text(UInt128(parentID), digits: 16))-\(isSampled ? "01" : "00")"
  }

  /// The trace id in 32 hexadecimal digits, as logs show it.
  public var traceIDText: String { Self.text(traceID, digits: 32) }

  private static func text(_ value: UInt128, digits: Int) -> String {
    // `String(_:radix:)` divides 128 bits at each digit: a tenth of a small call's time.
    String(unsafeUninitializedCapacity: digits) { bytes in
      var rest = value
      for index in (0..<digits).reversed() {
        let digit = UInt8(truncatingIfNeeded: rest) & 0xf
        bytes[index] = digit < 10 ? digit + UInt8(ascii: "0") : digit + 0x57
        rest >>= 4
      }
      return digits
    }
  }

  /// Lower case only, as the specification demands.
  private static func hex(_ digits: ArraySlice<UInt8>) -> UInt128? {
    var value: UInt128 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt128(digit - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt128(digit - 0x57)
      default: return nil
      }
    }
    return value
  }
}
