internal import NIOCore
internal import Synchronization

/// Something that gathers bytes during a tick and sends them at its end.
protocol TickOutput: AnyObject {
  /// Turns what is pending into bytes; may make tasks runnable.
  func gather()
  /// Sends what was gathered in one write.
  func flush()
}

/// An event loop as the executor of the tasks that serve its connections.
///
/// A task that becomes runnable on the loop is appended to an array; the array is worked off at the
/// end of the tick, before the connections flush, so that all that a tick does on a connection
/// leaves in one write. From another thread a whole batch of tasks costs one wake-up of the loop.
/// Handlers begin there too, on tasks that are used again (`LoopWorkers`).
final class LoopExecutor: TaskExecutor, @unchecked Sendable {
  // Unchecked: `shared` has a lock; everything else is touched on the loop only.

  let loop: any EventLoop

  @exclusivity(unchecked) private var jobs: [UnownedJob] = []
  @exclusivity(unchecked) private var running: [UnownedJob] = []
  @exclusivity(unchecked) private var gathering: [any TickOutput] = []
  @exclusivity(unchecked) private var flushing: [any TickOutput] = []
  @exclusivity(unchecked) private var tickExpected = false
  /// Set once, in `init`: the workers need their executor.
  @exclusivity(unchecked) private(set) var workers: LoopWorkers!

  private struct Shared {
    var jobs: [UnownedJob] = []
  }
  private let shared = Mutex(Shared())

  /// Rounds of jobs in one tick: a task that yields for ever must not keep the loop from its sockets.
  private static let maxRounds = 16

  init(loop: any EventLoop) {
    self.loop = loop
    workers = LoopWorkers(executor: self)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if loop.inEventLoop {
      jobs.append(job)
      expectTick()
    } else {
      let isFirst = shared.withLock { shared in
        shared.jobs.append(job)
        return shared.jobs.count == 1
      }
      if isFirst { loop.execute { self.tick() } }
    }
  }

  /// Has `output` gathered and flushed at the end of this tick. On the loop only.
  func add(_ output: any TickOutput) {
    assertOnLoop()
    gathering.append(output)
    expectTick()
  }

  /// Runs `work` on a task of this loop, at the end of this tick. On the loop only.
  func start(_ work: any LoopWork) {
    workers.append(work)
    expectTick()
  }

  /// A connection reads: the tick goes on until `endTick()`, after the read's last byte.
  func beginTick() {
    assertOnLoop()
    tickExpected = true
  }

  func endTick() {
    tick()
  }

  /// The connection that began the tick is gone before its end.
  func abandonTick() {
    loop.execute { self.tick() }
  }

  /// Outside of a connection's read (a timer, a promise) the tick ends when the loop comes by.
  private func expectTick() {
    guard !tickExpected else { return }
    tickExpected = true
    loop.execute { self.tick() }
  }

  /// Works off jobs and gathers until nothing is left, then flushes every connection once.
  private func tick() {
    assertOnLoop()
    tickExpected = true
    takeShared()
    var rounds = 0
    while rounds < Self.maxRounds, hasWork {
      rounds += 1
      runJobs()
      while workers.hasWork {
        workers.wakeOne()
        runJobs()
      }
      gather()
    }
    // Flushing may make a channel report writability or its end, and that again adds work.
    for _ in flushing.indices { flushing.popLast()?.flush() }
    tickExpected = false
    if hasWork { expectTick() }
  }

  private var hasWork: Bool { !jobs.isEmpty || !gathering.isEmpty || workers.hasWork }

  private func takeShared() {
    shared.withLock { shared in
      guard !shared.jobs.isEmpty else { return }
      jobs.append(contentsOf: shared.jobs)
      shared.jobs.removeAll(keepingCapacity: true)
    }
  }

  private func runJobs() {
    guard !jobs.isEmpty else { return }
    swap(&jobs, &running)
    let executor = asUnownedTaskExecutor()
    for job in running { job.runSynchronously(on: executor) }
    running.removeAll(keepingCapacity: true)
  }

  private func gather() {
    guard !gathering.isEmpty else { return }
    while let output = gathering.popLast() {
      output.gather()
      if !flushing.contains(where: { $0 === output }) { flushing.append(output) }
    }
  }
}

/// The executors of an event loop group: one a loop, so that all connections of a loop share ticks.
struct LoopExecutors: Sendable {
  private let executors: [ObjectIdentifier: LoopExecutor]

  init(group: any EventLoopGroup) {
    var executors: [ObjectIdentifier: LoopExecutor] = [:]
    for loop in group.makeIterator() {
      executors[ObjectIdentifier(loop)] = LoopExecutor(loop: loop)
    }
    self.executors = executors
  }

  /// The executor of a loop of the group.
  subscript(loop: any EventLoop) -> LoopExecutor {
    guard let executor = executors[ObjectIdentifier(loop)] else {
      preconditionFailure("the event loop belongs to another group")
    }
    return executor
  }
}
