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
      guard let segment = FormText.decode(part, plusIsSpace: false), segment != ".",
        segment != ".."
      else { return nil }
      segments.append(segment)
    }
    guard let query = FormText.fields(bytes[end...].dropFirst()) else { return nil }
    self.segments = segments
    self.query = query
  }
}
