/// How the messages of a call are compressed, each on its own; every message says whether it is.
///
/// Compression tells the length of what was compressed: never compress a secret together with text
/// that somebody else chose (CRIME, BREACH).
///
/// Source: gRPC `doc/compression.md`.
public struct Compression: Sendable, Hashable {
  /// zlib's level; nil for none.
  let level: Int32?

  /// Messages go as they are.
  public static let identity = Compression(level: nil)

  /// gzip at the fastest level: on a fast path time is dearer than the bytes that others save.
  public static let gzip = Compression.gzip(level: 1)

  /// - Parameter level: from 1, the fastest, to 9, the smallest.
  public static func gzip(level: Int) -> Compression {
    Compression(level: Int32(clamping: min(max(level, 1), 9)))
  }

  /// Shorter messages go uncompressed unless their sender insists: they fit one packet anyhow.
  static let shortestMessage = 1024

  /// What this end can read, as `grpc-accept-encoding` says it.
  static let accepted: StaticString = "identity,gzip"
}

extension Compression {
  /// The frame to send instead of an uncompressed one.
  ///
  /// - Parameter wish: whether to compress; nil leaves it to what it saves.
  func frame(_ plain: [UInt8], _ wish: Bool?) -> [UInt8] {
    guard let level, wish ?? (plain.count >= Self.shortestMessage) else { return plain }
    return Gzip.frame(plain, level: level, always: wish == true)
  }
}
