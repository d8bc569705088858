/// Cuts length-prefixed messages out of DATA frames, which may split them anywhere.
///
/// Source: gRPC `doc/PROTOCOL-HTTP2.md`, "Length-Prefixed-Message": one byte that tells whether the
/// message is compressed, four of length (big-endian), the message.
struct MessageReader {
  enum Failure: Error, Hashable, Sendable {
    /// The prefix announces more than the limit, when compressed more than could become it.
    case tooLong(UInt32)
    /// The flag says compressed; no compression was agreed on.
    case compressed
    /// The flag is neither 0 nor 1.
    case invalidFlag(UInt8)
  }

  private let maximumBytes: Int
  /// Whether the peer has named a compression that this end can undo.
  var acceptsCompressed = false
  /// Whether the message returned last is compressed.
  private(set) var isCompressed = false
  private var prefix: (UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0)
  private var prefixCount = 0
  private var message: [UInt8] = []
  private var messageLength = 0

  init(maximumBytes: Int) {
    self.maximumBytes = maximumBytes
  }

  static let prefixLength = 5

  /// Whether the bytes so far end between two messages.
  var isAtBoundary: Bool { prefixCount == 0 }

  /// Whether `bytes` are one whole message that needs nothing done to it.
  func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard isAtBoundary, bytes.count >= Self.prefixLength, bytes[0] == 0 else { return false }
    let length = bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self).bigEndian
    return length <= maximumBytes && Int(length) == bytes.count - Self.prefixLength
  }

  /// Takes bytes from the front of `bytes` up to the end of one message. Nil when they end before.
  mutating func next(_ bytes: inout UnsafeRawBufferPointer) throws(Failure) -> [UInt8]? {
    if prefixCount < Self.prefixLength {
      takePrefix(&bytes)
      guard prefixCount == Self.prefixLength else { return nil }
      try checkPrefix()
    }
    let missing = messageLength - message.count
    let taken = min(missing, bytes.count)
    if taken == messageLength {
      message = [UInt8](bytes[..<taken])
    } else {
      message.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
    }
    bytes = UnsafeRawBufferPointer(rebasing: bytes[taken...])
    guard taken == missing else { return nil }
    prefixCount = 0
    let whole = message
    message = []
    return whole
  }

  private mutating func takePrefix(_ bytes: inout UnsafeRawBufferPointer) {
    let taken = min(Self.prefixLength - prefixCount, bytes.count)
    withUnsafeMutableBytes(of: &prefix) { prefix in
      for index in 0..<taken { prefix[prefixCount + index] = bytes[index] }
    }
    prefixCount += taken
    bytes = UnsafeRawBufferPointer(rebasing: bytes[taken...])
  }

  private mutating func checkPrefix() throws(Failure) {
    switch prefix.0 {
    case 0: isCompressed = false
    case 1 where acceptsCompressed: isCompressed = true
    case 1: throw .compressed
    default: throw .invalidFlag(prefix.0)
    }
    let length =
      UInt32(prefix.1) << 24 | UInt32(prefix.2) << 16 | UInt32(prefix.3) << 8 | UInt32(prefix.4)
    guard length <= (isCompressed ? Gzip.longest(of: maximumBytes) : maximumBytes) else {
      throw .tooLong(length)
    }
    messageLength = Int(length)
    message = []
  }
}
