internal import Synchronization

/// Hands bytes from any senders to one writer, one piece at a time: a sender waits until its piece
/// was written, and the writer until there is one.
final class EventChannel: Sendable {
  private struct Piece {
    let bytes: [UInt8]
    let sender: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var waiting: [Piece] = []
    /// The sender of what is being written.
    var writing: CheckedContinuation<Void, any Error>?
    var writer: CheckedContinuation<[UInt8]?, Never>?
    var isClosed = false
  }

  private let state = Mutex(State())

  /// Returns once the bytes are written.
  func put(_ bytes: [UInt8]) async throws {
    try Task.checkCancellation()
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Void, any Error>) in
      let writer = state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
        guard !state.isClosed else {
          continuation.resume(throwing: CancellationError())
          return nil
        }
        guard let writer = state.writer.take() else {
          state.waiting.append(Piece(bytes: bytes, sender: continuation))
          return nil
        }
        state.writing = continuation
        return writer
      }
      writer?.resume(returning: bytes)
    }
  }

  /// The next piece, the last one being written; nil once closed. For one task, whose cancellation
  /// closes.
  func next() async -> [UInt8]? {
    state.withLock { $0.writing.take() }?.resume()
    return await withTaskCancellationHandler {
      await piece()
    } onCancel: {
      close()
    }
  }

  private func piece() async -> [UInt8]? {
    await withCheckedContinuation { continuation in
      let piece = state.withLock { state -> [UInt8]?? in
        if state.isClosed { return .some(nil) }
        guard !state.waiting.isEmpty else {
          state.writer = continuation
          return nil
        }
        let piece = state.waiting.removeFirst()
        state.writing = piece.sender
        return piece.bytes
      }
      if let piece { continuation.resume(returning: piece) }
    }
  }

  /// Ends the stream: the writer reads nil, senders fail.
  func close() {
    let (senders, writer) = state.withLock { state in
      state.isClosed = true
      let senders = state.waiting.map(\.sender) + (state.writing.take().map { [$0] } ?? [])
      state.waiting = []
      return (senders, state.writer.take())
    }
    for sender in senders { sender.resume(throwing: CancellationError()) }
    writer?.resume(returning: nil)
  }
}
