/// The streams that a peer opened last, and which of them it has ended: 64 slots, a newer stream
/// takes the slot of an older one. A frame on a forgotten stream is nghttp2's to judge.
struct KnownStreams {
  /// Set in a slot when the peer has ended the stream, by END_STREAM or RST_STREAM.
  private static let endedFlag: UInt32 = 1 << 31
  private static let count = 64

  private var slots = [UInt32](repeating: 0, count: count)
  private var highest: UInt32 = 0

  private func slot(_ stream: UInt32) -> Int { Int(stream >> 1) & (Self.count - 1) }

  /// RFC 9113 §5.1: a stream that the peer has ended carries nothing more from it.
  func hasEnded(_ stream: UInt32) -> Bool {
    slots[slot(stream)] == stream | Self.endedFlag
  }

  mutating func end(_ stream: UInt32) {
    let slot = slot(stream)
    if slots[slot] == stream { slots[slot] |= Self.endedFlag }
  }

  /// Enters a new stream. The code of the connection error when the header list may not be there.
  ///
  /// - Parameter isOpen: asked of streams that are forgotten here, and may be open.
  mutating func receivedHeaders(
    on stream: UInt32, _ isOpen: (UInt32) -> Bool
  ) -> HTTP2ErrorCode? {
    if stream > highest {
      highest = stream
      slots[slot(stream)] = stream
      return nil
    }
    switch slots[slot(stream)] {
    case stream: return nil
    case stream | Self.endedFlag: return .streamClosed
    // RFC 9113 §5.1.1: smaller than a stream that was opened, and never opened itself.
    default: return isOpen(stream) ? nil : .protocolError
    }
  }
}
