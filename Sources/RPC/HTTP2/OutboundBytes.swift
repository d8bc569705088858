/// The bytes that wait to become DATA frames of one stream. The usual stream sends one message, so
/// the first chunk is kept inline and no list is allocated for it.
struct OutboundBytes {
  private var head: [UInt8] = []
  private var offset = 0
  private var tail: [[UInt8]] = []
  private var nextInTail = 0

  /// Bytes not yet taken.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    if isEmpty {
      head = bytes
      offset = 0
    } else {
      tail.append(bytes)
    }
    count += bytes.count
  }

  /// Moves as many bytes as fit into `target` and says how many.
  mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
    var written = 0
    while written < target.count, count > 0 {
      let length = min(target.count - written, head.count - offset)
      head.withUnsafeBytes {
        target.baseAddress!.advanced(by: written)
          .copyMemory(from: $0.baseAddress!.advanced(by: offset), byteCount: length)
      }
      written += length
      offset += length
      count -= length
      if offset == head.count { advance() }
    }
    return written
  }

  mutating func removeAll() {
    self = OutboundBytes()
  }

  private mutating func advance() {
    offset = 0
    if nextInTail == tail.count {
      head = []
      tail.removeAll(keepingCapacity: true)
      nextInTail = 0
    } else {
      head = tail[nextInTail]
      tail[nextInTail] = []
      nextInTail += 1
    }
  }
}
