internal import Files
public import Logging
internal import Synchronization

/// All issuers with their keys as they are now; the keys change when their files do.
public final class IssuerDirectory: Sendable {
  /// An issuer and the keys that it signs with.
  struct Entry: Sendable {
    let issuer: Issuer
    var keys: KeySet
    var stamp: FileStamp?
  }

  private struct State {
    var entries: [String: Entry]
    /// One more with each reload, so that what was verified with older keys is verified again.
    var generation: UInt64 = 0
  }

  private let state: Mutex<State>
  private let environment: Environment
  private let logger: Logger

  /// Reads `issuers.yaml` and every key set it names.
  public static func load(
    _ path: String, environment: Environment, logger: Logger
  ) async throws(StartError) -> IssuerDirectory {
    try await IssuerDirectory(
      IssuersFile.load(path, environment: environment), environment: environment, logger: logger)
  }

  public init(
    _ issuers: [Issuer], environment: Environment, logger: Logger
  ) async throws(StartError) {
    var entries: [String: Entry] = [:]
    for issuer in issuers {
      let stamp = FileStamp(issuer.keys)
      do {
        let keys = try await KeySet.load(issuer.keys, environment: environment)
        entries[issuer.url] = Entry(issuer: issuer, keys: keys, stamp: stamp)
      } catch {
        throw .configuration(
          "The key set \(issuer.keys) of the issuer \(issuer.url) is not taken: \(error).")
      }
    }
    state = Mutex(State(entries: entries))
    self.environment = environment
    self.logger = logger
  }

  /// The issuer of this very URL, with its keys, and the generation of all keys.
  func find(_ url: String) -> (entry: Entry, generation: UInt64)? {
    state.withLock { state in
      guard let entry = state.entries[url], entry.issuer.url.utf8.elementsEqual(url.utf8) else {
        return nil
      }
      return (entry, state.generation)
    }
  }

  var generation: UInt64 { state.withLock { $0.generation } }

  /// Reads the key sets whose files changed. A bad one keeps the old keys and is told of once, until
  /// it changes again.
  public func reloadChanged() async {
    for entry in state.withLock({ Array($0.entries.values) }) {
      let stamp = FileStamp(entry.issuer.keys)
      if stamp == entry.stamp { continue }
      let loaded: KeySet?
      do {
        loaded = try await KeySet.load(entry.issuer.keys, environment: environment)
        logger.log(
          .notice, "issuer keys reloaded", .issuer(entry.issuer.url), .file(entry.issuer.keys))
      } catch {
        loaded = nil
        logger.log(
          .error, "bad issuer keys, the old ones stay", .issuer(entry.issuer.url),
          .file(entry.issuer.keys), .error(error))
      }
      state.withLock { state in
        state.entries[entry.issuer.url]?.stamp = stamp
        guard let loaded else { return }
        state.entries[entry.issuer.url]?.keys = loaded
        state.generation += 1
      }
    }
  }

  /// Looks for changed key sets now and then, until cancelled.
  public func watch(
    every interval: Duration = .seconds(2), clock: some Clock<Duration> = .continuous
  ) async {
    while !Task.isCancelled {
      await reloadChanged()
      try? await clock.sleep(for: interval)
    }
  }
}
