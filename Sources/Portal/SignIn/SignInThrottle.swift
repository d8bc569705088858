internal import Domain
internal import Synchronization

/// How many sign-ins one address may begin: a bucket that fills again within a minute.
final class SignInThrottle: Sendable {
  private struct Bucket {
    /// When it is full again, if nobody takes more.
    var full: Timestamp
  }

  private let buckets = Mutex<[String: Bucket]>([:])
  private let perMinute: Int
  private let clock: any WallClock
  /// Some 5 MB; whoever has more addresses than that is not held up by counting them.
  private static let mostAddresses = 50_000

  init(perMinute: Int, clock: any WallClock) {
    self.perMinute = perMinute
    self.clock = clock
  }

  /// Takes one, or says when there is one again.
  func take(_ address: String?) throws(SignInFault) {
    let now = clock.now()
    let cost = Duration.seconds(60) / perMinute
    let wait = buckets.withLock { buckets -> Duration? in
      if buckets.count >= Self.mostAddresses { buckets = buckets.filter { $0.value.full > now } }
      if buckets.count >= Self.mostAddresses { buckets.removeAll() }
      let name = Self.network(address ?? "")
      let full = max(buckets[name]?.full ?? now, now) + cost
      guard full - now <= .seconds(60) else { return full - now - .seconds(60) }
      buckets[name] = Bucket(full: full)
      return nil
    }
    if let wait { throw .tooMany(retryAfter: wait) }
  }

  /// An IPv6 address' /64, since a household has all of it; others as they are.
  static func network(_ address: String) -> String {
    guard address.contains(":"), !address.contains(".") else { return address }
    let sides = address.prefix { $0 != "%" }.split(
      separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
    let head = sides[0].split(separator: ":")
    guard sides.count == 2 else { return head.prefix(4).joined(separator: ":") }
    let tail = sides[1].split(separator: ":")
    let zeros = max(0, 8 - head.count - tail.count)
    return (head + Array(repeating: Substring("0"), count: zeros) + tail).prefix(4)
      .joined(separator: ":")
  }
}
