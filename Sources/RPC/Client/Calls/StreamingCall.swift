internal import NIOCore
internal import Synchronization

/// A call with many messages for an answer: a queue between the event loop, which fills it, and the
/// task that reads.
///
/// What has arrived and was not read holds the stream's window, so that a slow reader slows the
/// server down and memory stays within the window and one message.
final class StreamingCall: ClientCall, @unchecked Sendable {
  // Unchecked: as its superclass; `shared` has a lock.

  /// Bytes to give back at once: a window update costs a frame and, from the reader's side, a hop.
  private static let creditThreshold = Int(HTTP2Settings.client.streamWindow) / 4

  enum Next {
    case message(ReceivedMessage)
    case end
    case failed(RPCError)
  }

  private struct Shared {
    var messages = CircularBuffer<(message: ReceivedMessage, held: Int)>()
    var isOver = false
    var error: RPCError?
    var metadata: Metadata?
    var trailers: Metadata?
    /// Bytes of DATA whose window has not been given back.
    var held = 0
    /// Those of them whose messages have been read.
    var read = 0
    /// Bytes of messages to come whose window was given back before they were complete.
    var early = 0
    /// The reader, waiting. Unsafe for its price; taken out under the lock before it is resumed.
    var reader: UnsafeContinuation<Next, Never>?
    var metadataReaders: [UnsafeContinuation<Void, Never>] = []

    /// With nothing to read, also what belongs to an unfinished message goes back, or a message
    /// larger than the window would never be complete.
    mutating func takeCredit() -> Int {
      let credit = messages.isEmpty ? held : read
      guard credit >= StreamingCall.creditThreshold else { return 0 }
      early += credit - read
      held -= credit
      read = 0
      return credit
    }

    mutating func take() -> Next? {
      if let next = messages.popFirst() {
        read += next.held
        return .message(next.message)
      }
      guard isOver else { return nil }
      return error.map(Next.failed) ?? .end
    }

    /// How many bytes of a message that is complete now are still held.
    mutating func heldBytes(of message: ReceivedMessage) -> Int {
      let length = MessageReader.prefixLength + message.bytes.count
      let returned = min(early, length)
      early -= returned
      return length - returned
    }
  }
  private let shared = Mutex(Shared())

  // MARK: - The reader's side

  /// The next message if it is here, and the bytes of window to give back.
  func poll() -> (next: Next?, credit: Int) {
    shared.withLock { shared in
      let next = shared.take()
      return (next, shared.isOver ? 0 : shared.takeCredit())
    }
  }

  /// Waits for the next message.
  func wait() async -> Next {
    await withUnsafeContinuation { continuation in
      let next: Next? = shared.withLock { shared in
        if let next = shared.take() { return next }
        guard shared.reader == nil else {
          return .failed(RPCError(.internal, "two tasks read the same answer at once"))
        }
        shared.reader = continuation
        return nil
      }
      if let next { continuation.resume(returning: next) }
    }
  }

  /// Waits for the initial metadata, or the end.
  func answer() async {
    await withUnsafeContinuation { continuation in
      let isHere = shared.withLock { shared in
        if shared.metadata != nil || shared.isOver { return true }
        shared.metadataReaders.append(continuation)
        return false
      }
      if isHere { continuation.resume() }
    }
  }

  /// The initial metadata, once `answer` has returned.
  func metadata() throws(RPCError) -> Metadata {
    let (metadata, error) = shared.withLock { ($0.metadata, $0.error) }
    if let metadata { return metadata }
    if let error { throw error }
    return Metadata()
  }

  var trailers: Metadata? { shared.withLock { $0.trailers } }
  var isOver: Bool { shared.withLock { $0.isOver } }

  // MARK: - The loop's side

  override func receivedMetadata(_ metadata: Metadata) {
    let readers = shared.withLock { shared in
      shared.metadata = metadata
      defer { shared.metadataReaders = [] }
      return shared.metadataReaders
    }
    for reader in readers { reader.resume() }
  }

  override func receives(_ count: Int) {
    shared.withLock { $0.held += count }
  }

  override func received(_ message: ReceivedMessage) -> RPCError? {
    let reader = shared.withLock { shared in
      let held = shared.heldBytes(of: message)
      guard let reader = shared.reader else {
        shared.messages.append((message, held))
        return nil as UnsafeContinuation<Next, Never>?
      }
      shared.read += held
      shared.reader = nil
      return reader
    }
    reader?.resume(returning: .message(message))
    return nil
  }

  override func delivered(_ count: Int, from stream: ClientStream) {
    stream.consumed(shared.withLock { $0.takeCredit() })
  }

  override func ended(_ error: RPCError?, trailers: Metadata) {
    let (reader, metadataReaders) = shared.withLock { shared in
      shared.isOver = true
      shared.error = error
      shared.trailers = trailers
      defer {
        shared.reader = nil
        shared.metadataReaders = []
      }
      return (shared.reader, shared.metadataReaders)
    }
    reader?.resume(returning: error.map(Next.failed) ?? .end)
    for reader in metadataReaders { reader.resume() }
  }
}
