internal import FuzzSupport

@testable internal import RPC

/// Length-prefixed messages in DATA frames, plain and compressed. An input is: the limit of a
/// message and whether it may be compressed, the size of the frames, the bytes of the stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let choice = input.byte()
  let settings = Settings(
    limit: [0, 1, 16, 255, 4096][Int(choice & 0x7f) % 5], acceptsCompressed: choice >= 0x80)
  let piece = Int(input.byte()) + 1
  let bytes = input.all()
  let expected = Framed(reference: bytes, settings)
  for piece in [piece, bytes.count + 1] {
    let read = Framed(bytes, settings, piece: piece)
    require(
      read == expected, "frames of \(piece) bytes give \(read), the specification \(expected)")
  }
  for message in expected.messages { inflate(message, settings.limit) }
  compress(bytes, level: Int32(choice) % 9 + 1)
  return 0
}

/// Whatever comes compressed is refused or becomes a message within the limit.
private func inflate(_ message: Framed.Message, _ limit: Int) {
  let received = ReceivedMessage(bytes: message.bytes, isCompressed: message.isCompressed)
  guard let content = try? received.content(limit: limit) else {
    return require(message.isCompressed, "an uncompressed message is refused")
  }
  require(content.count <= limit, "a message of \(content.count) bytes, the limit being \(limit)")
  require(
    !message.isCompressed || content.isEmpty
      || (try? received.content(limit: content.count - 1)) == nil,
    "a message passes a limit below its length")
}

/// What this end compresses comes back as it was, and is never longer unless it was asked for.
private func compress(_ message: [UInt8], level: Int32) {
  let length = (0..<4).reversed().map { UInt8(truncatingIfNeeded: message.count >> ($0 * 8)) }
  let plain = [0] + length + message
  for always in [false, true] {
    let frame = Gzip.frame(plain, level: level, always: always)
    require(always || frame.count <= plain.count, "compressing made \(frame.count) bytes")
    let read = Framed(
      frame, Settings(limit: message.count, acceptsCompressed: true), piece: frame.count)
    require(
      read.failure == nil && read.messages.count == 1 && read.endsBetweenMessages,
      "\(read) is no message")
    let content = requireSuccess("a message comes back") {
      try ReceivedMessage(
        bytes: read.messages[0].bytes, isCompressed: read.messages[0].isCompressed
      ).content(limit: message.count)
    }
    require(content == message, "another message comes back")
  }
}
