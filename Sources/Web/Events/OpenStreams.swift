internal import Synchronization

/// The event streams of a listener: bounded in all and for each owner, and ended by a drain.
final class OpenStreams: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: (owner: [UInt8], channel: EventChannel)] = [:]
    var counts: [[UInt8]: Int] = [:]
    var isDraining = false
  }

  private let state = Mutex(State())
  private let limits: WebLimits

  init(_ limits: WebLimits) { self.limits = limits }

  var count: Int { state.withLock { $0.channels.count } }

  /// - Throws: 503 where all places are taken, or the owner's.
  func open(for owner: [UInt8]) throws(WebError) -> EventChannel {
    let channel = EventChannel()
    let isOpen = state.withLock { state in
      guard !state.isDraining, state.channels.count < limits.streams,
        state.counts[owner, default: 0] < limits.streamsPerOwner
      else { return false }
      state.channels[ObjectIdentifier(channel)] = (owner, channel)
      state.counts[owner, default: 0] += 1
      return true
    }
    guard isOpen else { throw WebError.tooManyStreams }
    return channel
  }

  func close(_ channel: EventChannel) {
    channel.close()
    state.withLock { state in
      guard let (owner, _) = state.channels.removeValue(forKey: ObjectIdentifier(channel)) else {
        return
      }
      let left = state.counts[owner, default: 1] - 1
      state.counts[owner] = left == 0 ? nil : left
    }
  }

  /// Ends all, and takes no more.
  func drain() {
    let channels = state.withLock { state in
      state.isDraining = true
      return state.channels.values.map(\.channel)
    }
    for channel in channels { channel.close() }
  }
}
