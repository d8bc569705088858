internal import RawHTTP2

/// h2spec's hpack: header blocks that cannot be decoded (RFC 7541).
extension ConformanceCase {
  private static func undecodable(_ name: String, _ block: [UInt8]) -> ConformanceCase {
    .init("hpack/" + name, block: block, .connectionError(.compressionError))
  }

  /// `x-test` in Huffman's code, as a literal's name.
  private static let xTest: [UInt8] = [0x00, 0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff]

  static let hpack: [ConformanceCase] = [
    undecodable(
      "2.3.3 Sends a indexed header field representation with invalid index",
      get + HeaderBlock.indexed(70)),
    undecodable(
      "2.3.3 Sends a literal header field representation with invalid index",
      get + HeaderBlock.literal(name: 70, "", .incremental)),
    undecodable(
      "4.2 Sends a dynamic table size update at the end of header block",
      get + HeaderBlock.tableSize(1)),
    undecodable(
      "5.2 Sends a Huffman-encoded string literal representation with padding longer than 7 bits",
      get + xTest + [0x84, 0x49, 0x50, 0x9f, 0xff]),
    undecodable(
      "5.2 Sends a Huffman-encoded string literal representation padded by zero",
      get + xTest + [0x83, 0x49, 0x50, 0x90]),
    undecodable(
      "5.2 Sends a Huffman-encoded string literal representation containing the EOS symbol",
      get + xTest + [0x87, 0x49, 0x51, 0xff, 0xff, 0xff, 0xfa, 0x7f]),
    undecodable(
      "6.1 Sends a indexed header field representation with index 0", get + HeaderBlock.indexed(0)),
    undecodable(
      "6.3 Sends a dynamic table size update larger than the value of SETTINGS_HEADER_TABLE_SIZE",
      HeaderBlock.tableSize(4097) + get),
  ]
}
