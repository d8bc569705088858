internal import NIOCore
internal import Synchronization

/// The requests of a call that sends many: a queue between the tasks that send and the event loop,
/// which hands them to the attempt that runs.
///
/// What was handed over is kept until the call is committed, so that the next attempt can begin with
/// it: up to the server's first answer, or until it is more than `replayLimit` (gRFC A6, "Memory
/// Management").
final class RequestQueue: Sendable {
  private struct State {
    /// Framed messages that no attempt has taken yet, and their bytes.
    var pending = CircularBuffer<[UInt8]>()
    var pendingBytes = 0
    /// Bytes that the attempt has taken and that no DATA frame carries yet.
    var attemptBytes = 0
    /// What earlier attempts have taken; empty once the call is committed.
    var replay: [[UInt8]] = []
    var replayBytes = 0
    var isCommitted = false
    /// The caller has sent its last message.
    var isFinished = false
    /// Whether the loop has been told to take what is pending.
    var isPosted = false
    var end: End?
    /// Senders that wait for room. Unsafe for their price; each is taken out under the lock before
    /// it is resumed.
    var waiters: [UnsafeContinuation<Void, Never>] = []

    var queuedBytes: Int { pendingBytes + attemptBytes }

    mutating func takeWaiters() -> [UnsafeContinuation<Void, Never>] {
      defer { waiters = [] }
      return waiters
    }

    mutating func post() -> Bool {
      defer { isPosted = true }
      return !isPosted
    }
  }

  /// How the call ended.
  enum End {
    case success
    case failure(RPCError)
  }

  /// What became of a message.
  enum Admission {
    case accepted
    /// Accepted, and the loop has to be told.
    case posted
    case over(End)
    /// The caller has said before that it sends no more.
    case late
  }

  private let state = Mutex(State())
  /// Bytes that may wait before senders do.
  private let limit: Int
  private let replayLimit: Int

  init(limit: Int, replayLimit: Int) {
    self.limit = limit
    self.replayLimit = replayLimit
  }

  // MARK: - The senders' side

  func append(_ message: [UInt8]) -> Admission {
    state.withLock { state in
      if let end = state.end { return .over(end) }
      guard !state.isFinished else { return .late }
      state.pending.append(message)
      state.pendingBytes += message.count
      return state.post() ? .posted : .accepted
    }
  }

  /// No more messages come. Whether the loop has to be told.
  func finish() -> Bool {
    state.withLock { state in
      guard !state.isFinished, state.end == nil else { return false }
      state.isFinished = true
      return state.post()
    }
  }

  /// Whether there is room for a message, or the call is over.
  var isReady: Bool { state.withLock { $0.end != nil || $0.queuedBytes <= limit } }

  /// Waits until there is room, or the call is over.
  func wait() async {
    await withUnsafeContinuation { continuation in
      let isReady = state.withLock { state in
        if state.end != nil || state.queuedBytes <= limit { return true }
        state.waiters.append(continuation)
        return false
      }
      if isReady { continuation.resume() }
    }
  }

  var end: End? { state.withLock { $0.end } }

  /// Whether the call is half-closed or over: nobody has to end it any more.
  var isDone: Bool { state.withLock { $0.isFinished || $0.end != nil } }

  /// Bytes accepted that no DATA frame carries yet.
  var queuedBytes: Int { state.withLock { $0.queuedBytes } }

  // MARK: - The loop's side

  /// A new attempt begins: it has to send everything again.
  func restart() {
    state.withLock { state in
      for message in state.replay.reversed() { state.pending.prepend(message) }
      state.pendingBytes += state.replayBytes
      state.attemptBytes = 0
      state.replay = []
      state.replayBytes = 0
    }
  }

  /// What the attempt is to send now, and whether that is all.
  func take() -> (messages: CircularBuffer<[UInt8]>, isLast: Bool) {
    state.withLock { state in
      let messages = state.pending
      state.pending = CircularBuffer()
      state.isPosted = false
      state.attemptBytes += state.pendingBytes
      if !state.isCommitted { keep(messages, &state) }
      state.pendingBytes = 0
      return (messages, state.isFinished)
    }
  }

  private func keep(_ messages: CircularBuffer<[UInt8]>, _ state: inout State) {
    state.replayBytes += state.pendingBytes
    if state.replayBytes <= replayLimit {
      state.replay.append(contentsOf: messages)
    } else {
      commit(&state)
    }
  }

  /// The attempt has `rest` bytes left to send.
  func sent(leaving rest: Int) {
    let waiters = state.withLock { state in
      state.attemptBytes = rest
      return state.queuedBytes <= limit / 2 ? state.takeWaiters() : []
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Whether another attempt could send everything from the beginning.
  var isRepeatable: Bool { state.withLock { !$0.isCommitted } }

  /// No further attempt will be made.
  func commit() {
    state.withLock { commit(&$0) }
  }

  private func commit(_ state: inout State) {
    state.isCommitted = true
    state.replay = []
    state.replayBytes = 0
  }

  /// The call is over; senders learn how.
  func end(_ error: RPCError?) {
    let waiters = state.withLock { state in
      state.end = error.map(End.failure) ?? .success
      commit(&state)
      state.pending = CircularBuffer()
      state.pendingBytes = 0
      state.attemptBytes = 0
      return state.takeWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }
}
