internal import CChecksum
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Checksums")
struct ChecksumTests {
  @Test("CRC-32C of RFC 3720's examples")
  func vectors() {
    // RFC 3720 appendix B.4.
    let cases: [([UInt8], UInt32)] = [
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      ((0..<32).map { $0 }, 0x46DD_794E),
      ((0..<32).reversed().map { $0 }, 0x113F_DB5C),
      (Array("123456789".utf8), 0xE306_9283),
    ]
    for (bytes, expected) in cases {
      #expect(Checksum.of(bytes[...]) == expected)
      #expect(lockbox_crc32c_portable(0, bytes, bytes.count) == expected)
    }
  }

  @Test("the processor's instruction and the portable code agree, whole and in pieces")
  func agreement() {
    var random = SeededRandom("checksums")
    for _ in 0..<200 {
      let bytes = random.bytes(Int.random(in: 0...300, using: &random))
      let cut = Int.random(in: 0...bytes.count, using: &random)
      let whole = Checksum.of(bytes[...])
      #expect(lockbox_crc32c_portable(0, bytes, bytes.count) == whole)
      #expect(Checksum.of(bytes[cut...], after: Checksum.of(bytes[..<cut])) == whole)
    }
  }
}
