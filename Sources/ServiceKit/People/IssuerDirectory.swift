public import Domain
internal import Files
public import Logging
internal import Synchronization

/// All issuers with their keys as they are now: files are read again when they change, URLs as
/// `KeySchedule` says.
///
/// A start does not wait for the network: an issuer whose keys were never had has none, and nobody
/// of it gets in.
public final class IssuerDirectory: Sendable {
  /// An issuer and the keys that it signs with.
  struct Entry: Sendable {
    let issuer: Issuer
    var keys: KeySet
    var stamp: FileStamp?
    var schedule: KeySchedule
    /// The fetch that is under way.
    var fetching: Task<Void, Never>?
    /// What was wrong last, told of already.
    var fault: KeySetFault?

    var file: String? {
      guard case .file(let path) = issuer.keys else { return nil }
      return path
    }

    /// From then on its keys count no more. What a file says counts for as long as it says it.
    var keysEnd: Timestamp { file == nil ? schedule.end : .distantFuture }
  }

  fileprivate struct State {
    var entries: [String: Entry]
    /// One more with each change of keys, so that what was verified with others is verified again.
    var generation: UInt64 = 0
  }

  private let state: Mutex<State>
  private let environment: Environment
  private let clock: any WallClock
  private let logger: Logger

  /// Reads `issuers.yaml` and every key set file it names.
  public static func load(
    _ path: String, environment: Environment, clock: any WallClock, logger: Logger
  ) async throws(StartError) -> IssuerDirectory {
    try await IssuerDirectory(
      IssuersFile.load(path, environment: environment), environment: environment, clock: clock,
      logger: logger)
  }

  public init(
    _ issuers: [Issuer], environment: Environment, clock: any WallClock, logger: Logger
  ) async throws(StartError) {
    var entries: [String: Entry] = [:]
    for issuer in issuers {
      var entry = Entry(
        issuer: issuer, keys: .none, schedule: KeySchedule(longestAge: issuer.longestKeyAge))
      do {
        if let file = entry.file {
          entry.stamp = FileStamp(file)
          entry.keys = try await KeySet.load(file, environment: environment)
        } else {
          try RemoteKeys.check(issuer)
        }
      } catch {
        let place = entry.file.map { "The key set \($0)" } ?? "The key set"
        throw .configuration("\(place) of the issuer \(issuer.url) is not taken: \(error).")
      }
      entries[issuer.url] = entry
    }
    state = Mutex(State(entries: entries))
    self.environment = environment
    self.clock = clock
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

  /// All of them, by their URLs.
  public var issuers: [Issuer] {
    state.withLock { $0.entries.values.map(\.issuer) }.sorted { $0.url < $1.url }
  }

  var generation: UInt64 { state.withLock { $0.generation } }

  /// Reads the key sets whose files changed, and fetches those that are due.
  public func reloadChanged() async {
    let now = clock.now()
    for entry in state.withLock({ Array($0.entries.values) }) {
      if let file = entry.file {
        let stamp = FileStamp(file)
        if stamp == entry.stamp { continue }
        await readFile(file, stamp, of: entry.issuer)
      } else if entry.schedule.isDue(at: now) {
        // Not waited for: one issuer that does not answer must not hold up the others.
        _ = startFetch(of: entry.issuer)
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

  /// Fetches an issuer's keys where one is unknown, unless that was tried just now. Everybody who
  /// asks meanwhile waits for the one fetch.
  /// - Parameter id: nil for a token that names no key.
  /// - Returns: whether keys were learnt that the token may be looked at with again.
  func learnKey(_ id: String?, of url: String, at now: Timestamp) async -> Bool {
    guard let (entry, generation) = find(url), entry.file == nil else { return false }
    // Somebody else asked meanwhile.
    if id != nil && entry.keys.key(id) != nil && now < entry.keysEnd { return true }
    guard entry.fetching != nil || entry.schedule.mayAsk(at: now) else { return false }
    await startFetch(of: entry.issuer).value
    guard let (fetched, newGeneration) = find(url) else { return false }
    return newGeneration != generation && fetched.keys.key(id) != nil
  }

  /// Waits for the fetches that are under way.
  func settle() async {
    for fetch in state.withLock({ $0.entries.values.compactMap(\.fetching) }) { await fetch.value }
  }

  // MARK: - Reading and fetching

  private func readFile(_ file: String, _ stamp: FileStamp?, of issuer: Issuer) async {
    let loaded: KeySet?
    do {
      loaded = try await KeySet.load(file, environment: environment)
      logger.log(.notice, "issuer keys reloaded", .issuer(issuer.url), .file(file))
    } catch {
      loaded = nil
      logger.log(
        .error, "bad issuer keys, the old ones stay", .issuer(issuer.url), .file(file),
        .error(error))
    }
    state.withLock { state in
      state.entries[issuer.url]?.stamp = stamp
      guard let loaded else { return }
      state.entries[issuer.url]?.keys = loaded
      state.generation += 1
    }
  }

  /// The fetch of an issuer's keys: the one that is under way, or a new one.
  private func startFetch(of issuer: Issuer) -> Task<Void, Never> {
    state.withLock { state in
      if let running = state.entries[issuer.url]?.fetching { return running }
      let task = Task { await fetch(issuer) }
      state.entries[issuer.url]?.fetching = task
      return task
    }
  }

  private func fetch(_ issuer: Issuer) async {
    let outcome: Result<RemoteKeys.Fetched, KeySetFault>
    do throws(KeySetFault) {
      outcome = .success(try await RemoteKeys(issuer: issuer, environment: environment).fetch())
    } catch {
      outcome = .failure(error)
    }
    let now = clock.now()
    let news = state.withLock { $0.take(outcome, for: issuer.url, at: now) }
    switch news {
    case .same: break
    case .changed(let count):
      logger.log(.notice, "issuer keys fetched", .issuer(issuer.url), .count("keys", count))
    case .bad(let fault):
      logger.log(
        .error, "issuer keys cannot be fetched, the old ones stay for a while",
        .issuer(issuer.url), .error(fault))
    }
  }

  /// What there is to tell of a fetch.
  fileprivate enum News {
    case same
    case changed(Int)
    case bad(KeySetFault)
  }
}

extension IssuerDirectory.State {
  fileprivate mutating func take(
    _ outcome: Result<RemoteKeys.Fetched, KeySetFault>, for url: String, at now: Timestamp
  ) -> IssuerDirectory.News {
    guard var entry = entries[url] else { return .same }
    defer { entries[url] = entry }
    entry.fetching = nil
    switch outcome {
    case .success(let fetched):
      let wasDead = entry.keysEnd <= now
      entry.schedule.succeeded(at: now, freshness: fetched.freshness)
      let isNews = fetched.keys.digest != entry.keys.digest || entry.fault != nil
      entry.fault = nil
      if wasDead || fetched.keys.digest != entry.keys.digest { generation += 1 }
      entry.keys = fetched.keys
      return isNews ? .changed(fetched.keys.keys.count) : .same
    case .failure(let fault):
      entry.schedule.failed(at: now)
      guard entry.fault != fault else { return .same }
      entry.fault = fault
      return .bad(fault)
    }
  }
}
