internal import Synchronization

/// The health of the services of this process, as `grpc.health.v1.Health` tells it. The empty name
/// is the process as a whole.
public final class HealthRegistry: Sendable {
  public enum Status: Sendable, Hashable {
    case serving
    case notServing
  }

  private struct State {
    var statuses: [String: Status]
    var watchers: [String: [UInt64: AsyncStream<Status?>.Continuation]] = [:]
    var nextWatcher: UInt64 = 0
  }
  private let state: Mutex<State>

  /// All services begin as `status`, and so does the whole.
  public init(services: [String] = [], status: Status = .serving) {
    var statuses = ["": status]
    for service in services { statuses[service] = status }
    state = Mutex(State(statuses: statuses))
  }

  /// Sets the health of one service, known so far or not; watchers learn it.
  public func set(_ status: Status, for service: String = "") {
    state.withLock { state in
      guard state.statuses.updateValue(status, forKey: service) != status else { return }
      for watcher in (state.watchers[service] ?? [:]).values { watcher.yield(status) }
    }
  }

  /// Sets every known service and the whole: at the beginning of a shutdown.
  public func setAll(_ status: Status) {
    let services = state.withLock { Array($0.statuses.keys) }
    for service in services { set(status, for: service) }
  }

  /// Nil for a service that nobody has set.
  public func status(of service: String) -> Status? {
    state.withLock { $0.statuses[service] }
  }

  /// Every service with its status.
  public var statuses: [String: Status] {
    state.withLock { $0.statuses }
  }

  /// The status of a service now and after each change; nil while it is unknown. A slow reader
  /// misses what has been overtaken.
  func changes(of service: String) -> AsyncStream<Status?> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Status?.self, bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.nextWatcher += 1
      state.watchers[service, default: [:]][state.nextWatcher] = continuation
      continuation.yield(state.statuses[service])
      return state.nextWatcher
    }
    continuation.onTermination = { [weak self] _ in self?.removeWatcher(id, of: service) }
    return stream
  }

  private func removeWatcher(_ id: UInt64, of service: String) {
    state.withLock { state in
      state.watchers[service]?[id] = nil
      if state.watchers[service]?.isEmpty == true { state.watchers[service] = nil }
    }
  }
}
