internal import RawHTTP2

@testable internal import RPC

/// Header lists without measure.
extension Attack {
  private static let call = HeaderBlock.call(unary)

  /// An entry that fills the dynamic table, and many references to it, a byte each.
  private static let bomb: [UInt8] =
    HeaderBlock.literal("bomb", String(repeating: "b", count: 4000), .incremental)
    + [UInt8](repeating: HeaderBlock.indexed(62)[0], count: 100)

  private static let empty: [UInt8] = (0..<500).flatMap { _ in HeaderBlock.literal("e", "") }
  private static let crumbs: [UInt8] = (0..<500).flatMap { _ in HeaderBlock.literal(name: 32, "c") }

  private static let endless: [RawFrame] = [.headers(call, [])] + times(9, .continuation([]))
  private static let endlessTrailers: [RawFrame] =
    calls(1) + [.headers(field("a", "b"), .endStream)] + times(9, .continuation(field("a", "b")))

  static let headerLists: [Attack] = [
    Attack("HPACK bomb", .headerBytes, frames: [.headers(call + bomb)]),
    Attack("HPACK bomb in trailers", .headerBytes, frames: calls(1) + [.headers(bomb)]),
    Attack(
      "HPACK bomb on a stream that is refused", .headerBytes,
      limits: { $0.runningHandlers = 0 }, frames: [.headers(call + bomb)]),
    Attack("empty headers", .headerFields, frames: [.headers(call + empty)]),
    Attack("crumbs of cookies", .headerFields, frames: [.headers(call + crumbs)]),
    Attack("CONTINUATION without end", .continuations, frames: endless),
    Attack("CONTINUATION without end, of trailers", .continuations, frames: endlessTrailers),
  ]
}
