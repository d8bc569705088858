internal import Synchronization
internal import UnixSignals

/// Whether somebody wants the load to end.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Is set by Ctrl-C and SIGTERM while the returned task runs.
  func onInterrupt() -> Task<Void, Never> {
    Task {
      for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
        flag.store(true, ordering: .relaxed)
      }
    }
  }
}
