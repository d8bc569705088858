internal import Glibc
internal import Synchronization
public import Threads

/// Mails through libcurl: a few threads, and connections that are kept and used again.
///
/// STARTTLS or TLS from the start, 1.2 at least, with the server's certificate and name verified;
/// `AUTH PLAIN` and `LOGIN`. What SMTP needs doubled, its dots, libcurl doubles.
///
/// Threads rather than libcurl's multi interface: that one waits for the reply to a mail, and to a
/// `QUIT`, without letting other transfers go on.
public final class SmtpTransport: MailTransport {
  private let queue: Monitor<SmtpQueue>

  /// - Throws: when the system gives no more threads.
  public init(_ settings: SmtpSettings) throws(ThreadError) {
    let queue = Monitor(SmtpQueue())
    self.queue = queue
    do throws(ThreadError) {
      for number in 1...settings.mostConnections {
        try Thread.start("smtp-\(number)") { Self.work(settings, queue) }.detach()
      }
    } catch {
      queue.updateAll { $0.isClosed = true }
      throw error
    }
  }

  deinit { close() }

  /// Gives up what waits and what is under way, the latter within a second; what is sent later is
  /// deferred.
  public func close() {
    let waiting = queue.updateAll { queue in
      queue.isClosed = true
      for job in queue.running { job.giveUp() }
      defer { queue.waiting = [] }
      return queue.waiting
    }
    for job in waiting { job.end(.deferred(reason: Self.closed)) }
  }

  private static let closed = "mail is closed"

  public func send(_ message: MailMessage) async -> MailOutcome {
    let job = SmtpJob(message)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        job.begin(continuation)
        let isTaken = queue.update { queue in
          if !queue.isClosed { queue.waiting.append(job) }
          return !queue.isClosed
        }
        if !isTaken { job.end(.deferred(reason: Self.closed)) }
      }
    } onCancel: {
      job.giveUp()
    }
  }

  // MARK: Threads

  /// Returns once the queue is closed.
  private static func work(_ settings: SmtpSettings, _ queue: Monitor<SmtpQueue>) {
    blockBrokenPipes()
    while let (job, kept) = next(queue) {
      let connection = kept ?? SmtpConnection(settings)
      let outcome =
        job.isGivenUp ? .deferred(reason: "it was given up") : connection.send(job)
      queue.withLock { queue in
        queue.running.removeAll { $0 === job }
        queue.idle.append(connection)
      }
      job.end(outcome)
    }
    queue.withLock { $0.idle = [] }
  }

  /// Blocks until there is one, with the connection that was used last; nil: no more will come.
  private static func next(
    _ queue: Monitor<SmtpQueue>
  ) -> (job: SmtpJob, connection: SmtpConnection?)? {
    queue.wait { queue -> (job: SmtpJob, connection: SmtpConnection?)?? in
      if queue.isClosed { return .some(nil) }
      guard !queue.waiting.isEmpty else { return nil }
      let job = queue.waiting.removeFirst()
      queue.running.append(job)
      return (job, queue.idle.popLast())
    }
  }

  /// A peer that has gone must not end the process. libcurl would change the handler for all threads
  /// around each call; to block the signal suffices, and only for this one.
  private static func blockBrokenPipes() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}

/// What callers and the threads share.
struct SmtpQueue: Sendable {
  var waiting: [SmtpJob] = []
  var running: [SmtpJob] = []
  /// The one that was used last is the last one: the others end of themselves.
  var idle: [SmtpConnection] = []
  var isClosed = false
}

/// One mail that waits or is under way.
final class SmtpJob: Sendable {
  let sender: String
  let recipient: String
  let content: [UInt8]
  private let continuation = Mutex<CheckedContinuation<MailOutcome, Never>?>(nil)
  private let givenUp = Atomic(false)

  init(_ message: MailMessage) {
    sender = message.sender.address
    recipient = message.recipient.address
    content = message.content
  }

  func begin(_ continuation: CheckedContinuation<MailOutcome, Never>) {
    self.continuation.withLock { $0 = continuation }
  }

  func end(_ outcome: MailOutcome) {
    continuation.withLock { $0.take() }?.resume(returning: outcome)
  }

  var isGivenUp: Bool { givenUp.load(ordering: .relaxed) }

  func giveUp() { givenUp.store(true, ordering: .relaxed) }
}
