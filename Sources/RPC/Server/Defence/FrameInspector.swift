internal import CNghttp2

/// Reads the headers of a client's frames before nghttp2 reads the frames, charges those that make
/// work and are no call, and knows streams that are over. nghttp2 tells of no frame that it ignores,
/// and forgets closed streams to be fast.
struct FrameInspector {
  /// Where to stop reading for good, and why.
  struct Stop: Hashable {
    enum Reason: Hashable {
      case defence(Defence)
      case violation(HTTP2ErrorCode)
    }
    /// Bytes before the frame that is at fault.
    var offset: Int
    var reason: Reason
  }

  private var budgets: FrameBudgets
  private var streams = KnownStreams()
  private let maximumContinuations: Int
  private var continuations = 0

  // The frame being read; at first the preface's 24 bytes, which are no frame.
  private var header: UInt64 = 0
  private var headerCount = 0
  private var payloadLeft = 24
  private var kind = NGHTTP2_SETTINGS.rawValue
  /// When the first byte of the frame that is not whole yet came.
  private(set) var frameBegan: LoopTime?

  init(_ limits: ServerLimits) {
    budgets = FrameBudgets(limits)
    maximumContinuations = limits.continuations
  }

  /// What a peer is that does not end the frame that it began.
  var slowness: Defence {
    headerCount == 0 && kind == NGHTTP2_DATA.rawValue ? .slowBody : .slowHeaders
  }

  /// - Parameters:
  ///   - sentFrames: HEADERS and DATA sent so far: they earn the peer some of what it sends.
  ///   - isOpen: asked, seldom, of a stream that began long ago.
  /// - Returns: nil when all of the bytes may be received.
  mutating func inspect(
    _ bytes: UnsafeRawBufferPointer, at now: LoopTime, sentFrames: UInt64,
    isOpen: (UInt32) -> Bool
  ) -> Stop? {
    var offset = 0
    while offset < bytes.count {
      if payloadLeft > 0 {
        let count = min(payloadLeft, bytes.count - offset)
        payloadLeft -= count
        offset += count
        continue
      }
      let start = headerCount == 0 ? offset : 0
      if headerCount == 0 { frameBegan = nil }
      guard let frame = readHeader(bytes, &offset) else { break }
      if let reason = judge(frame, at: now, sentFrames, isOpen) {
        return Stop(offset: start, reason: reason)
      }
    }
    if payloadLeft == 0, headerCount == 0 {
      frameBegan = nil
    } else if frameBegan == nil {
      frameBegan = now
    }
    return nil
  }

  /// Charges a reset, of the peer's or one that its error made us send.
  mutating func chargeReset(at now: LoopTime) -> Bool {
    budgets.resets.spend(at: now)
  }

  /// Charges a stream that we refused.
  mutating func chargeRefusal(at now: LoopTime) -> Bool {
    budgets.refusals.spend(at: now)
  }

  private struct Frame {
    var kind: UInt32
    var flags: UInt32
    var length: Int
    var stream: UInt32
  }

  /// Nine bytes, of which some may have come before. Nil when not all have.
  private mutating func readHeader(
    _ bytes: UnsafeRawBufferPointer, _ offset: inout Int
  ) -> Frame? {
    if headerCount == 0, bytes.count - offset >= 9 {
      header = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    } else {
      while headerCount < 8 {
        guard offset < bytes.count else { return nil }
        header = header << 8 | UInt64(bytes[offset])
        headerCount += 1
        offset += 1
      }
      guard offset < bytes.count else { return nil }
    }
    let last = bytes[offset]
    offset += 1
    headerCount = 0
    payloadLeft = Int(header >> 40)
    kind = UInt32(header >> 32 & 0xff)
    let stream = UInt32(truncatingIfNeeded: header << 8) & 0x7fff_ffff | UInt32(last)
    return Frame(
      kind: kind, flags: UInt32(header >> 24 & 0xff), length: payloadLeft, stream: stream)
  }

  private mutating func judge(
    _ frame: Frame, at now: LoopTime, _ sentFrames: UInt64,
    _ isOpen: (UInt32) -> Bool
  ) -> Stop.Reason? {
    if frame.kind == NGHTTP2_CONTINUATION.rawValue {
      continuations += 1
      return continuations > maximumContinuations ? .defence(.continuations) : nil
    }
    continuations = 0
    switch frame.kind {
    case NGHTTP2_DATA.rawValue:
      return judgeData(frame, at: now)
    case NGHTTP2_HEADERS.rawValue:
      if let code = streams.receivedHeaders(on: frame.stream, isOpen) { return .violation(code) }
      if frame.flags & NGHTTP2_FLAG_END_STREAM.rawValue != 0 { streams.end(frame.stream) }
      budgets.streamBegan()
      return nil
    case NGHTTP2_RST_STREAM.rawValue:
      streams.end(frame.stream)
    case NGHTTP2_SETTINGS.rawValue:
      // An answer to ours; one too many is a violation.
      if frame.flags & NGHTTP2_FLAG_ACK.rawValue != 0 { return nil }
    case NGHTTP2_PUSH_PROMISE.rawValue:
      return nil
    default: break
    }
    return budgets.charge(frame.kind, at: now, sentFrames: sentFrames).map(Stop.Reason.defence)
  }

  private mutating func judgeData(
    _ frame: Frame, at now: LoopTime
  ) -> Stop.Reason? {
    if streams.hasEnded(frame.stream) { return .violation(.streamClosed) }
    if frame.flags & NGHTTP2_FLAG_END_STREAM.rawValue != 0 {
      streams.end(frame.stream)
      return nil
    }
    // Up to 256 bytes may be nothing but padding; who pads so little data?
    let mayBeEmpty =
      frame.length == 0
      || frame.length <= 256 && frame.flags & NGHTTP2_FLAG_PADDED.rawValue != 0
    return mayBeEmpty && !budgets.controlFrames.spend(at: now) ? .defence(.emptyData) : nil
  }
}
