internal import ProtobufC

/// A unary call of `EchoService.echo` in plain HTTP/2, written by hand: an evil client has no session
/// of ours that could be too polite to send it.
enum CallBytes {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  /// Preface, settings, one whole call, and GOAWAY: the server may close when it has answered.
  static let call: [UInt8] = {
    let frames: [[UInt8]] = [
      preface, frame(4, 0, stream: 0, []), frame(1, 0x4, stream: 1, headers),
      frame(0, 0x1, stream: 1, [0, 0, 0, 0, 0]),
      frame(7, 0, stream: 0, [UInt8](repeating: 0, count: 8)),
    ]
    return Array(frames.joined())
  }()

  private static var headers: [UInt8] {
    let fields: [(String, String)] = [
      (":method", "POST"), (":scheme", "https"), (":authority", "localhost"),
      (":path", EchoService.echo.path), ("te", "trailers"), ("content-type", "application/grpc"),
    ]
    var block: [UInt8] = []
    // RFC 7541 §6.2.2: literals without indexing, lengths below 127.
    for (name, value) in fields {
      block.append(0)
      for text in [name, value] {
        block.append(UInt8(text.utf8.count))
        block += text.utf8
      }
    }
    return block
  }

  private static func frame(
    _ type: UInt8, _ flags: UInt8, stream: UInt8, _ payload: [UInt8]
  ) -> [UInt8] {
    let count = payload.count
    return [0, UInt8(count >> 8), UInt8(count & 0xFF), type, flags, 0, 0, 0, stream] + payload
  }
}
