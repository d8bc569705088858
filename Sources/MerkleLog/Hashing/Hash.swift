/// A SHA-256 value: a tree's leaf, node or root hash.
public struct Hash: Sendable, Hashable {
  // Four words rather than an array: no allocation, and a stack of hashes is one block of memory.
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// The length in bytes.
  public static let byteCount = 32

  /// All bits zero, to be filled by a digest.
  init() {}

  /// Copies 32 bytes; nil for any other length.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
  }

  /// Copies the bytes of a buffer; nil for any other length than 32.
  public init?(copying buffer: UnsafeRawBufferPointer) {
    guard buffer.count == Self.byteCount else { return nil }
    withUnsafeMutableBytes { $0.copyMemory(from: buffer) }
  }

  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// The 32 bytes in place; the pointer is valid during the call only.
  public func withUnsafeBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try Swift.withUnsafeBytes(of: words, body)
  }

  mutating func withUnsafeMutableBytes<R, E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try Swift.withUnsafeMutableBytes(of: &words, body)
  }

  public static func == (a: Hash, b: Hash) -> Bool { a.words == b.words }

  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Hash: CustomStringConvertible {
  /// Standard base64, as in checkpoints.
  public var description: String { Base64.encode(bytes) }
}

extension Hash {
  /// Reads what `description` writes; nil for anything else.
  public init?(base64 text: some StringProtocol) {
    guard let bytes = Base64.decode(text) else { return nil }
    self.init(bytes)
  }
}
