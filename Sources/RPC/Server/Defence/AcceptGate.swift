internal import Logging
internal import NIOCore

/// Lets a listening socket accept only so many connections in a time: each costs a key agreement
/// and a signature before anybody knows who it is. Whoever is too many waits in the kernel's queue.
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = Never

  private var budget: EventBudget
  private let pause: TimeAmount
  private let listener: ListenerState
  private var isPaused = false
  /// Pauses that followed on one another, and the end of the last.
  private var pauses = 0
  private var resumed: LoopTime?
  private var noted: LoopTime?

  /// A flood is noted once in so much time.
  static let noteInterval = Duration.seconds(10)
  /// Pauses in a row that make a flood: a few connections at once are every day's.
  static let floodPauses = 5

  init(_ listener: ListenerState) {
    self.listener = listener
    budget = EventBudget(listener.limits.handshakes)
    pause = TimeAmount(listener.limits.handshakes.period)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    _ = budget.spend(at: .now)
    isPaused = budget.isSpent
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    guard isPaused else { return context.read() }
    note(.now)
    context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
      self.isPaused = false
      self.resumed = .now
      context.read()
    }
  }

  private func note(_ now: LoopTime) {
    if let resumed, now < resumed + listener.limits.handshakes.period {
      pauses += 1
    } else {
      pauses = 1
    }
    guard pauses >= Self.floodPauses else { return }
    if let noted, noted + Self.noteInterval > now { return }
    noted = now
    listener.metrics?.connectionEnded(by: .handshakes)
    listener.logger.warning(
      "connections wait by a defence", metadata: ["defence": "\(Defence.handshakes.rawValue)"])
  }
}
