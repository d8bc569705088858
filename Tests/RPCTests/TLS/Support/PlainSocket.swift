internal import Glibc

/// A blocking TCP socket on the loopback interface, for threads that may block.
///
/// `@unchecked Sendable`: one thread at a time uses it.
final class PlainSocket: @unchecked Sendable {
  private let descriptor: Int32
  /// Only a broken test waits this long.
  private static let patience = 60

  private struct Failure: Error { let code = errno }

  private init(_ descriptor: Int32) throws {
    // A peer that is gone shows in the results.
    signal(SIGPIPE, SIG_IGN)
    guard descriptor >= 0 else { throw Failure() }
    self.descriptor = descriptor
    var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    var one: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  static func connect(to port: Int) throws -> PlainSocket {
    let made = try PlainSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
    guard made.withAddress(port, Glibc.connect) == 0 else { throw Failure() }
    return made
  }

  /// Listens on a free port.
  static func listen() throws -> PlainSocket {
    let made = try PlainSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
    guard made.withAddress(0, bind) == 0, Glibc.listen(made.descriptor, 16) == 0 else {
      throw Failure()
    }
    return made
  }

  func accept() throws -> PlainSocket { try PlainSocket(Glibc.accept(descriptor, nil, nil)) }

  var port: Int {
    var address = [UInt8](repeating: 0, count: 16)
    var size = socklen_t(address.count)
    address.withUnsafeMutableBytes { bytes in
      _ = getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size)
    }
    return Int(address[2]) << 8 | Int(address[3])
  }

  /// A sockaddr_in of 127.0.0.1, byte by byte: other modules of this target have its type too.
  private func withAddress(
    _ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    let family = withUnsafeBytes(of: sa_family_t(AF_INET)) { Array($0) }
    let address =
      family + [UInt8(port >> 8), UInt8(port & 0xFF), 127, 0, 0, 1]
      + [UInt8](repeating: 0, count: 8)
    return address.withUnsafeBytes { bytes in
      body(
        descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self),
        socklen_t(bytes.count))
    }
  }

  /// False when the peer is gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// What has arrived; empty at the end.
  func receive() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(count, 0)))
  }

  /// Everything until the end.
  func receiveAll() -> [UInt8] {
    var all: [UInt8] = []
    while case let bytes = receive(), !bytes.isEmpty { all += bytes }
    return all
  }

  /// Sends no more.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }
}
