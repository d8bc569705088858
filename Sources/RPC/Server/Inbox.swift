/// The messages of a streaming request that its reader has not taken yet.
struct Inbox {
  private var messages: [ReceivedMessage] = []
  private var next = 0
  private var hasEnded = false
  private var failure: RPCError?
  private var waiter: Waiter?

  /// Bytes received and not yet given back to the caller's window.
  var held = 0

  enum Item {
    case message(ReceivedMessage)
    case end
    case none
  }

  var isEmpty: Bool { next == messages.count }

  mutating func append(_ message: ReceivedMessage) {
    messages.append(message)
    wake()
  }

  /// No more will come; with a failure, what is left is of no use either.
  mutating func end(_ failure: RPCError?) {
    guard !hasEnded || (failure != nil && self.failure == nil) else { return }
    hasEnded = true
    if let failure {
      self.failure = failure
      messages = []
      next = 0
    }
    wake()
  }

  mutating func take() throws(RPCError) -> Item {
    if let failure { throw failure }
    guard !isEmpty else { return hasEnded ? .end : .none }
    let message = messages[next]
    next += 1
    if isEmpty {
      messages.removeAll(keepingCapacity: true)
      next = 0
    }
    return .message(message)
  }

  /// What may go back to the window now.
  mutating func releaseWindow() -> Int {
    defer { held = 0 }
    return held
  }

  mutating func await(_ waiter: Waiter) {
    if isEmpty && !hasEnded { self.waiter = waiter } else { waiter.resume() }
  }

  private mutating func wake() {
    waiter?.resume()
    waiter = nil
  }
}
