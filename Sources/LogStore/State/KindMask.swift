/// The kinds of some entries, for ruling out what cannot be among them: kinds 64 apart share a bit.
struct KindMask: Equatable {
  var bits: UInt64

  init(bits: UInt64 = 0) { self.bits = bits }

  mutating func insert(_ kind: UInt16) { bits |= 1 << UInt64(kind % 64) }

  /// Whether one of `kinds` may be among the entries.
  func mayContain(oneOf kinds: Set<UInt16>) -> Bool {
    kinds.contains { bits >> UInt64($0 % 64) & 1 == 1 }
  }
}
