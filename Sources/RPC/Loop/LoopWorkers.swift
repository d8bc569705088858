internal import NIOCore

/// Something asynchronous that begins on a loop: a call with its handler.
protocol LoopWork: AnyObject {
  /// Begins on the loop and may suspend. To cancel it, cancel the worker.
  nonisolated(nonsending) func run(on worker: LoopWorker) async
}

/// A task that runs one piece of work after another. A cancelled one ends with what it runs: a
/// task's cancellation cannot be taken back.
///
/// Confined to its loop.
final class LoopWorker: @unchecked Sendable {
  // Unchecked: every access is on the loop.
  @exclusivity(unchecked) fileprivate var task: Task<Void, Never>?
  @exclusivity(unchecked) fileprivate var isCancelled = false

  func cancel() {
    isCancelled = true
    task?.cancel()
  }
}

/// The tasks that run the handlers of one loop. To begin and end a task costs more than a small
/// handler does, so tasks are kept: one of them takes all work that waits, piece after piece; only
/// when it suspends inside one is another task woken, or made, for the rest.
///
/// Confined to its loop.
final class LoopWorkers: @unchecked Sendable {
  // Unchecked: every access is on the loop. Unowned: the executor owns this, and every task of it
  // runs on the executor.
  private unowned let executor: LoopExecutor

  @exclusivity(unchecked) private var waiting: [any LoopWork] = []
  @exclusivity(unchecked) private var next = 0
  /// Tasks that have nothing to do: told true to look for work, false to end. Unsafe continuations,
  /// because each is taken from here exactly once.
  @exclusivity(unchecked) private var idle: [UnsafeContinuation<Bool, Never>] = []
  @exclusivity(unchecked) private var users = 0

  /// Idle tasks above this end: 2 KiB each, and more than this are busy at once only in bursts.
  private static let keptIdle = 64

  init(executor: LoopExecutor) {
    self.executor = executor
  }

  var hasWork: Bool { next < waiting.count }

  func append(_ work: any LoopWork) {
    waiting.append(work)
  }

  /// Makes a worker runnable that takes what waits.
  func wakeOne() {
    if let worker = idle.popLast() { return worker.resume(returning: true) }
    let worker = LoopWorker()
    worker.task = Task.detached(executorPreference: executor) { [self] in await work(worker) }
  }

  /// A connection begins to use the workers.
  func enter() {
    users += 1
  }

  /// A connection is gone. After the last one no task stays behind.
  func leave() {
    users -= 1
    guard users == 0 else { return }
    let workers = idle
    idle = []
    for worker in workers { worker.resume(returning: false) }
  }

  private func take() -> (any LoopWork)? {
    guard next < waiting.count else { return nil }
    let work = waiting[next]
    next += 1
    if next == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      next = 0
    }
    return work
  }

  private nonisolated(nonsending) func work(_ worker: LoopWorker) async {
    while true {
      while let work = take() {
        await work.run(on: worker)
        // Off the loop is who was moved to another executor for good; nothing here is his then.
        guard executor.loop.inEventLoop, !worker.isCancelled else { return }
      }
      guard users > 0, idle.count < Self.keptIdle else { return }
      guard await withUnsafeContinuation({ idle.append($0) }) else { return }
    }
  }
}
