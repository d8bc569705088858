internal import RawHTTP2

/// h2spec's generic/4 and generic/5: requests of every kind, and every representation of HPACK.
extension ConformanceCase {
  static let genericMessages: [ConformanceCase] = [
    .init("generic/4 Sends a GET request", [.headers(get)], .headers(on: 1)),
    .init(
      "generic/4 Sends a HEAD request", [.headers(HeaderBlock.request("HEAD"))], .headers(on: 1)),
    .init(
      "generic/4 Sends a POST request",
      [.headers(post, .endHeaders), .data("test", .endStream)], .headers(on: 1)),
    .init(
      "generic/4 Sends a POST request with trailers",
      [
        .headers(post + field("trailer", "x-test"), .endHeaders), .data("test"),
        .headers(field("x-test", "ok")),
      ], .headers(on: 1)),
  ]

  // Strings in Huffman's code.
  private static let userAgent: [UInt8] = [0x87, 0xb5, 0x05, 0xb1, 0x61, 0xcc, 0x5a, 0x93]
  private static let xTest: [UInt8] = [0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff]
  private static let h2spec: [UInt8] = [0x84, 0x9c, 0x48, 0xac, 0xa4]

  private static func accepted(_ name: String, _ representation: [UInt8]) -> ConformanceCase {
    .init("generic/5 " + name, block: get + representation, .headers(on: 1))
  }

  /// The names are h2spec's; where they speak of Huffman's code its bytes do not always agree with
  /// them, and these follow its bytes.
  static let genericHPACK: [ConformanceCase] = [
    accepted("Sends a indexed header field representation", [0xba]),
    accepted(
      "Sends a literal header field with incremental indexing - indexed name",
      [0x40] + userAgent + h2spec),
    accepted(
      "Sends a literal header field with incremental indexing - indexed name "
        + "(with Huffman coding)",
      HeaderBlock.literal("user-agent", "h2spec", .incremental)),
    accepted(
      "Sends a literal header field with incremental indexing - new name",
      HeaderBlock.literal("x-test", "h2spec", .incremental)),
    accepted(
      "Sends a literal header field with incremental indexing - new name (with Huffman coding)",
      [0x40] + xTest + h2spec),
    accepted(
      "Sends a literal header field without indexing - indexed name",
      HeaderBlock.literal("user-agent", "h2spec")),
    accepted(
      "Sends a literal header field without indexing - indexed name (with Huffman coding)",
      [0x00] + userAgent + h2spec),
    accepted(
      "Sends a literal header field without indexing - new name",
      HeaderBlock.literal("x-test", "h2spec")),
    accepted(
      "Sends a literal header field without indexing - new name (huffman encoded)",
      [0x00] + xTest + h2spec),
    accepted(
      "Sends a literal header field never indexed - indexed name",
      HeaderBlock.literal("user-agent", "h2spec", .never)),
    accepted(
      "Sends a literal header field never indexed - indexed name (huffman encoded)",
      [0x10] + userAgent + h2spec),
    accepted(
      "Sends a literal header field never indexed - new name", [0x10] + xTest + h2spec),
    accepted(
      "Sends a literal header field never indexed - new name (huffman encoded)",
      [0x10] + xTest + h2spec),
    .init(
      "generic/5 Sends a dynamic table size update", block: HeaderBlock.tableSize(128) + get,
      .headers(on: 1)),
    .init(
      "generic/5 Sends multiple dynamic table size update",
      block: HeaderBlock.tableSize(128) + HeaderBlock.tableSize(4096) + get, .headers(on: 1)),
  ]
}
