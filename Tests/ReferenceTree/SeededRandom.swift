internal import Glibc

/// SplitMix64: the same seed, the same numbers.
public struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  /// Prints the seed; `TEST_SEED` repeats a run.
  public init(_ test: String) {
    let given = getenv("TEST_SEED").flatMap { UInt64(String(cString: $0)) }
    state = given ?? UInt64.random(in: .min ... .max)
    print("\(test): TEST_SEED=\(state)")
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
  }
}
