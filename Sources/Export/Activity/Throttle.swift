internal import Domain
internal import Synchronization

/// Counts requests by tenant and publisher, minute by minute. All requests of a tenant without a
/// publisher share one count, as the API has it.
final class Throttle: Sendable {
  private struct Publisher: Hashable {
    let tenant: TenantID
    let name: String
  }

  private struct State {
    var minute: Int64 = 0
    var counts: [Publisher: Int] = [:]
    var publishers: [TenantID: Int] = [:]
  }

  private let state = Mutex(State())
  private let limit: Int
  private let clock: any WallClock

  /// Whoever makes up names gets no quota for each.
  static let mostPublishers = 32
  static let longestName = 64
  /// What requests without a publisher are counted as.
  static let nobody = "00000000-0000-0000-0000-000000000000"

  /// - Parameter limit: Requests a minute.
  init(limit: Int, clock: any WallClock) {
    self.limit = limit
    self.clock = clock
  }

  /// Counts a request.
  /// - Throws: `tooManyRequests`.
  func pass(
    _ tenant: TenantID, _ publisher: String?, method: String
  ) throws(ActivityError) {
    let now = clock.now()
    let minute = now.seconds / 60
    let named = publisher.map { $0.lowercased() } ?? Self.nobody
    let name = named.utf8.count <= Self.longestName ? named : Self.nobody
    let refused: String? = state.withLock { state in
      if state.minute != minute { state = State(minute: minute) }
      var key = Publisher(tenant: tenant, name: name)
      if state.counts[key] == nil {
        if state.publishers[tenant, default: 0] >= Self.mostPublishers {
          key = Publisher(tenant: tenant, name: Self.nobody)
        } else {
          state.publishers[tenant, default: 0] += 1
        }
      }
      guard state.counts[key, default: 0] < limit else { return key.name }
      state.counts[key, default: 0] += 1
      return nil
    }
    guard let refused else { return }
    throw .tooManyRequests(
      method: method, publisher: refused, retryAfter: .seconds((minute + 1) * 60 - now.seconds))
  }
}
