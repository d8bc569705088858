internal import FuzzSupport
internal import ProtobufC

/// What holds for the bytes of any message, good or bad.
enum RoundTrip {
  static func check<M: Message>(_: M.Type, _ bytes: [UInt8]) {
    let message: M
    do throws(DecodingError) {
      message = try M(serialized: bytes)
    } catch {
      // What the guard lets pass, protobuf-c must understand.
      require(error.reason != .malformed, "\(M.self): protobuf-c refuses what the guard let pass")
      require(
        (try? M(serialized: bytes, limits: .request)) == nil, "\(M.self): requests are read laxer")
      return
    }
    if let request = try? M(serialized: bytes, limits: .request) {
      require(request == message, "\(M.self): the limits change what is read")
    }
    let encoded = requireSuccess("\(M.self) is encoded again") { try message.serialized() }
    // Fields that came packed may leave one by one; nothing else grows.
    let again = requireSuccess("\(M.self) is decoded again") {
      try M(serialized: encoded, limits: .response)
    }
    // NaN is not equal to itself: the bytes are compared.
    let second = requireSuccess("\(M.self) is encoded twice") { try again.serialized() }
    require(second == encoded, "\(M.self) does not come back as it was")
    json(message)
  }

  /// JSON is refused only for times out of its range.
  private static func json(_ message: some Message) {
    do throws(EncodingError) {
      let text = try ProtobufJSON.encode(message)
      require(text.utf8.first == UInt8(ascii: "{") || !text.isEmpty, "JSON text is never empty")
      require(!text.utf8.contains { $0 < 0x20 }, "a control character in '\(text)'")
    } catch {
      guard case .timeOutOfRange = error else { return require(false, "JSON: \(error)") }
    }
  }
}
