internal import Domain

/// Tokens that were verified, by their SHA-256: every call carries one, and verifying costs more
/// than the call.
struct TokenCache {
  private struct Entry {
    let person: VerifiedPerson
    let generation: UInt64
    /// From then on the keys that it was verified with count no more.
    let keysEnd: Timestamp
  }

  private var entries: [[UInt8]: Entry] = [:]
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// The person of a token that was verified with the keys of this generation.
  func find(_ digest: [UInt8], generation: UInt64, now: Timestamp) -> VerifiedPerson? {
    guard let entry = entries[digest], entry.generation == generation, now < entry.keysEnd else {
      return nil
    }
    return entry.person
  }

  mutating func insert(
    _ person: VerifiedPerson, for digest: [UInt8], generation: UInt64, keysEnd: Timestamp,
    now: Timestamp
  ) {
    if entries.count >= capacity {
      entries = entries.filter { $0.value.person.expiry > now && $0.value.generation == generation }
      // Full of live ones: more people than it was made for. Starting anew costs each one
      // verification; keeping an order of use would cost every call.
      if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
    }
    entries[digest] = Entry(person: person, generation: generation, keysEnd: keysEnd)
  }
}
