internal import Synchronization
internal import UnixSignals

/// Whether somebody wants the load to end.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }

  /// Is set by Ctrl-C and SIGTERM while the returned task runs. What is in flight then has `patience`
  /// to end; after it, or with a second signal, `giveUp` is called.
  func onInterrupt(patience: Duration, giveUp: @escaping @Sendable () -> Void) -> Task<Void, Never>
  {
    Task {
      await withDiscardingTaskGroup { group in
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
          if isSet { giveUp() }
          set()
          group.addTask {
            if (try? await Task.sleep(for: patience)) != nil { giveUp() }
          }
        }
        group.cancelAll()
      }
    }
  }
}
