/// A request's target in origin form (RFC 9112 §3.2.1), taken apart and decoded.
struct RequestTarget: Hashable, Sendable {
  let segments: [String]
  let query: [WebField]

  /// Nil for another form, for what does not decode to UTF-8, for NUL, and for `.` and `..`, which
  /// nobody who resolved the address sends.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.first == UInt8(ascii: "/") else { return nil }
    let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
    var segments: [String] = []
    let path = bytes[1..<end].split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for part in path {
      guard let segment = Self.decode(part, plusIsSpace: false), segment != ".", segment != ".."
      else { return nil }
      segments.append(segment)
    }
    guard let query = end == bytes.endIndex ? [] : Self.pairs(bytes[(end + 1)...])
    else { return nil }
    self.segments = segments
    self.query = query
  }

  /// `application/x-www-form-urlencoded`, as queries and forms are written; nil for what does not
  /// decode to UTF-8, and for NUL.
  static func pairs(_ bytes: ArraySlice<UInt8>) -> [WebField]? {
    var pairs: [WebField] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let sides = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decode(sides[0], plusIsSpace: true),
        let value = sides.count == 1 ? "" : decode(sides[1], plusIsSpace: true)
      else { return nil }
      pairs.append(WebField(name, value))
    }
    return pairs
  }

  /// Percent-decoding (RFC 3986 §2.1).
  private static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(Self.digit),
          let low = rest.popFirst().flatMap(Self.digit), high | low != 0
        else { return nil }
        decoded.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
      default: decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
