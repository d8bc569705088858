internal import Synchronization

/// The logs that have grown since the last round of signing by interval: quiet ones cost nothing.
final class UnsignedLogs: Sendable {
  private let logs: Mutex<Set<LogName>>

  /// - Parameter extents: of all logs at the start.
  init(_ extents: [LogExtent]) {
    logs = Mutex(Set(extents.lazy.filter { $0.signedSize < $0.size }.map(\.log)))
  }

  func note(_ places: [EntryPlace]) {
    logs.withLock { logs in for place in places { logs.insert(place.log) } }
  }

  /// Signs every log that has grown since the last call.
  /// - Returns: those logs.
  /// - Throws: the last failure; the logs that failed are tried again at the next call.
  @discardableResult
  func sign(with signed: SignedLogs) async throws -> Set<LogName> {
    let grown = logs.withLock { logs in
      defer { logs = [] }
      return logs
    }
    let failures = await withTaskGroup(of: (LogName, any Error)?.self) { group in
      for log in grown {
        group.addTask {
          do {
            _ = try await signed.newest(of: log)
            return nil
          } catch {
            return (log, error)
          }
        }
      }
      var failures: [(LogName, any Error)] = []
      for await case let failure? in group { failures.append(failure) }
      return failures
    }
    guard let last = failures.last else { return grown }
    logs.withLock { $0.formUnion(failures.map(\.0)) }
    throw last.1
  }
}
