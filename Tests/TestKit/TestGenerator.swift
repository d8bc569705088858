internal import Glibc

/// Randomness that a seed repeats (SplitMix64). The seed is printed when it is made, and taken from
/// `TEST_SEED` where that is set.
public struct TestGenerator: RandomNumberGenerator, Sendable {
  public let seed: UInt64
  private var state: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// A new seed each run, unless the environment names one.
  public static func announced(_ test: String = #function) -> TestGenerator {
    let named = getenv("TEST_SEED").flatMap { UInt64(String(cString: $0)) }
    let seed = named ?? .random(in: .min ... .max)
    print("\(test): repeat with TEST_SEED=\(seed)")
    return TestGenerator(seed: seed)
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
