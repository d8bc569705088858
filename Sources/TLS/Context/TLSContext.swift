internal import Synchronization

/// The present keys, certificates and trust of one server or client, exchangeable while in use.
///
/// A connection keeps what it began with; `reload()` concerns the connections that follow. Whether
/// the peers of those that live are still welcome is asked with `review`.
public final class TLSContext: Sendable {
  public let configuration: TLSConfiguration
  let now: @Sendable () -> Int64
  private let state: Mutex<State>

  private struct State {
    var handle: ContextHandle
    /// The files as they were before they were last read, well or badly.
    var stamps: [FileStamp?]
    /// Why the last reading failed; nil when it succeeded.
    var failure: TLSError?
    /// Readings begun, each with a number of its own.
    var readings = 0
  }

  /// Reads all files.
  /// - Parameter now: wall clock, seconds since the epoch: for validity at loading and in each
  ///   handshake. The system's by default.
  public init(
    _ configuration: TLSConfiguration, now: (@Sendable () -> Int64)? = nil
  ) throws(TLSError) {
    let now = now ?? UTC.now
    let stamps = configuration.files.map(FileStamp.init)
    let handle = try ContextHandle(configuration, now: now())
    self.configuration = configuration
    self.now = now
    state = Mutex(State(handle: handle, stamps: stamps, failure: nil))
  }

  /// Grows with each successful reading of the files.
  public var generation: Int { handle.generation }

  /// The last second of our own certificate, since the epoch; nil without one.
  public var notAfter: Int64? { handle.notAfter }

  /// Reads all files again. When it throws, the context is what it was before.
  public func reload() throws(TLSError) {
    let reading = state.withLock { state in
      state.readings += 1
      return state.readings
    }
    // Taken first: a file that changes while it is read is read again next time.
    let stamps = configuration.files.map(FileStamp.init)
    do {
      let handle = try ContextHandle(configuration, now: now(), generation: reading)
      state.withLock { state in
        // Of two readings at once, the one that began later knows more.
        guard state.handle.generation < reading else { return }
        state.handle = handle
        state.stamps = stamps
        state.failure = nil
      }
    } catch {
      state.withLock {
        $0.stamps = stamps
        $0.failure = error
      }
      throw error
    }
  }

  var handle: ContextHandle { state.withLock { $0.handle } }

  /// Whether a file changed since it was last read, and the failure of that reading.
  var pending: (changed: Bool, failure: TLSError?) {
    let stamps = configuration.files.map(FileStamp.init)
    return state.withLock { ($0.stamps != stamps, $0.failure) }
  }
}
