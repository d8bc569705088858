/// Cuts frames out of bytes that come in pieces.
struct FrameReader {
  private var buffer: [UInt8] = []

  mutating func append(_ bytes: some Collection<UInt8>) {
    buffer.append(contentsOf: bytes)
  }

  /// The next whole frame; nil when its end has not come.
  mutating func next() -> RawFrame? {
    guard buffer.count >= RawFrame.headerLength else { return nil }
    let length = Int(buffer[0]) << 16 | Int(buffer[1]) << 8 | Int(buffer[2])
    let end = RawFrame.headerLength + length
    guard buffer.count >= end else { return nil }
    let stream = buffer[5..<9].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    let frame = RawFrame(
      .init(rawValue: buffer[3]), .init(rawValue: buffer[4]), on: stream & 0x7fff_ffff,
      Array(buffer[RawFrame.headerLength..<end]))
    buffer.removeFirst(end)
    return frame
  }
}

extension RawFrame {
  /// The whole frames in some bytes.
  public static func frames(in bytes: some Collection<UInt8>) -> [RawFrame] {
    var reader = FrameReader()
    reader.append(bytes)
    var frames: [RawFrame] = []
    while let frame = reader.next() { frames.append(frame) }
    return frames
  }

  /// The number at `offset` of the payload: an error code, an increment.
  public func number(at offset: Int = 0) -> UInt32? {
    guard payload.count >= offset + 4 else { return nil }
    return payload[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Of RST_STREAM and GOAWAY; nil for other frames.
  public var errorCode: ErrorCode? {
    switch kind {
    case .reset: number().map(ErrorCode.init)
    case .goAway: number(at: 4).map(ErrorCode.init)
    default: nil
    }
  }
}
