public import Logging
internal import ServiceKit
internal import TLS
internal import UnixSignals

extension HTTPSListener {
  /// Answers until SIGTERM or SIGINT, and then until what runs is answered. For programs that are
  /// this listener and little else; certificates are exchanged meanwhile when their files change.
  ///
  /// - Parameter others: run beside it, and are cancelled at its end.
  public func runUntilSignal(
    _ logger: Logger, beside others: [@Sendable () async throws -> Void] = []
  ) async throws {
    try await withThrowingTaskGroup { group in
      group.addTask { [tls] in
        await tls.watch(every: .seconds(2)) { report in
          switch report {
          case .reloaded: logger.log(.notice, "certificates reloaded")
          case .kept(let error):
            logger.log(.error, "bad certificates, the old ones stay", .error(error))
          }
        }
      }
      for other in others { group.addTask { try await other() } }
      group.addTask {
        for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { break }
        self.shutdown()
      }
      try await run()
      group.cancelAll()
    }
  }
}
