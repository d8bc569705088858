internal import Glibc
internal import ProtobufC

/// What a path leads to.
final class Route: Sendable {
  let method: MethodDescriptor
  /// The path as it comes in headers.
  let path: [UInt8]
  /// Serves one call, without interceptors, and leaves the status to its caller.
  let serve: nonisolated(nonsending) @Sendable (HandledCall, ServerContext) async throws -> Void
  /// Whether the handler waits for the one message of the request, as most do.
  let takesOneMessage: Bool
  /// Whether the answer is one message, and the call one that should not last.
  let isUnary: Bool

  init(
    method: MethodDescriptor,
    serve:
      nonisolated(nonsending) @escaping @Sendable (HandledCall, ServerContext) async throws -> Void
  ) {
    self.method = method
    path = Array(method.path.utf8)
    self.serve = serve
    isUnary = method.kind == .unary
    takesOneMessage = isUnary || method.kind == .serverStreaming
  }

  func hasPath(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    path.count == other.count
      && path.withUnsafeBufferPointer {
        other.isEmpty || memcmp($0.baseAddress!, other.baseAddress!, other.count) == 0
      }
  }
}

/// The routes of a listener by path: an open hash table over bytes, so that a path on the wire is
/// looked up without becoming a string. The table never changes, so that an attacker who knows the
/// hash gains nothing.
final class RouteTable: Sendable {
  private let slots: [Route?]
  private let mask: Int

  init(_ routes: [Route]) {
    var capacity = 8
    while capacity < routes.count * 2 { capacity *= 2 }
    var slots = [Route?](repeating: nil, count: capacity)
    let mask = capacity - 1
    for route in routes {
      var index = Self.hash(route.path) & mask
      while slots[index] != nil { index = (index + 1) & mask }
      slots[index] = route
    }
    self.slots = slots
    self.mask = mask
  }

  subscript(path: UnsafeBufferPointer<UInt8>) -> Route? {
    var index = Self.hash(path) & mask
    while let route = slots[index] {
      if route.hasPath(path) { return route }
      index = (index + 1) & mask
    }
    return nil
  }

  /// FNV-1a, 64 bits.
  private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: hash)
  }
}
