internal import LockboxProto
internal import ProtobufC
internal import TestProto
internal import Testing

@Suite("Mutated input")
struct MutationTests {
  /// Change it to look at other inputs; a failure names it and the bytes.
  static let seed: UInt64 = 0x10C4_B0F5

  @Test("is refused, or is a message that can be encoded and decoded again")
  func mutations() throws {
    var random = SeededGenerator(seed: Self.seed)
    try mutate(Samples.submit, 20_000, &random)
    try mutate(Samples.opened, 20_000, &random)
    try mutate(Samples.singular, 20_000, &random)
    try mutate(Samples.repeated, 20_000, &random)
    try mutate(Samples.maps, 10_000, &random)
    try mutate(Samples.choice, 10_000, &random)
  }

  private func mutate<M: Message>(
    _ message: M, _ count: Int, _ random: inout SeededGenerator
  ) throws {
    let original = try message.serialized()
    var accepted = 0
    for _ in 0..<count {
      let bytes = mutation(of: original, &random)
      guard let decoded = try? M(serialized: bytes) else { continue }
      accepted += 1
      let again = try decoded.serialized()
      let second = try M(serialized: again)
      // NaN is not equal to itself: the bytes are compared.
      let isStable = try second.serialized() == again
      #expect(isStable, "seed \(Self.seed), bytes \(hex(bytes))")
    }
    #expect(accepted > 0)
    #expect(accepted < count)
  }

  private func mutation(of original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let index = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where index < bytes.count:
        bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1 where index < bytes.count:
        bytes[index] = .random(in: 0...255, using: &random)
      case 2:
        bytes.insert(.random(in: 0...255, using: &random), at: index)
      case 3:
        bytes.removeSubrange(index..<min(bytes.count, index + 3))
      default:
        bytes += original[..<min(original.count, index)]
      }
    }
    return bytes
  }
}
