internal import AccessToken
internal import Domain
internal import Files
internal import Logging
internal import MerkleLog
internal import ServiceKit
internal import Synchronization

/// The keys of access tokens: one signs; the next is published before it does, and those before it
/// for as long as their tokens can live. Changed files change the keys while the service runs.
///
/// To rotate: put the next key into its file, wait until enforcement points have read it, and move it
/// over the active one's.
final class SigningKeys: Sendable {
  /// A public key with what it is good for now.
  struct Published: Hashable, Sendable {
    enum State: Hashable, Sendable { case next, active, retired }

    let id: String
    let key: VerificationKey
    let state: State
  }

  private struct State {
    var signer: AccessTokenSigner
    var next: AccessTokenSigner?
    /// As stored; empty until the store was asked.
    var stored: [TokenKey] = []
    var stamps: [FileStamp?]
    var hasActivated = false
  }

  private let activeFile: String
  private let nextFile: String?
  private let store: any ApprovalsStore
  private let clock: any WallClock
  private let logger: Logger
  private let state: Mutex<State>

  /// Reads the files.
  init(
    active: String, next: String?, store: any ApprovalsStore, clock: any WallClock, logger: Logger
  ) throws(KeyFileError) {
    activeFile = active
    nextFile = next
    self.store = store
    self.clock = clock
    self.logger = logger
    let stamps = Self.stamps(active, next)
    state = Mutex(
      State(
        signer: try AccessTokenSigner(keyFile: active), next: try Self.next(next), stamps: stamps))
  }

  var signer: AccessTokenSigner { state.withLock { $0.signer } }

  /// Every key that may have signed a token that lives, or soon will.
  var published: [Published] {
    let now = clock.now()
    return state.withLock { state in
      var keys = [Published(state.signer, .active)]
      if let next = state.next, next.keyID != state.signer.keyID {
        keys.append(Published(next, .next))
      }
      for stored in state.stored where !keys.contains(where: { $0.id == stored.id }) {
        // One that another file replaced while the service was down is retired as of now.
        let end = (stored.retireTime ?? now) + Limits.accessTokenLifetime + Limits.clockTolerance
        guard now < end, let key = VerificationKey(stored.publicKey) else { continue }
        keys.append(Published(id: stored.id, key: key, state: .retired))
      }
      return keys
    }
  }

  var publicKeys: PublicKeySet {
    PublicKeySet(Dictionary(published.map { ($0.id, $0.key) }) { first, _ in first })
  }

  /// Notes which key signs, and looks for changed files now and then, until cancelled.
  func watch(every interval: Duration = .seconds(2)) async throws {
    while !Task.isCancelled {
      await reloadChanged()
      try await Task.sleep(for: interval)
    }
  }

  /// Reads the files that changed. A bad one keeps the old key and is told of once.
  func reloadChanged() async {
    let stamps = Self.stamps(activeFile, nextFile)
    let (known, hasActivated) = state.withLock { ($0.stamps, $0.hasActivated) }
    guard stamps != known || !hasActivated else { return }
    do {
      let signer = try AccessTokenSigner(keyFile: activeFile)
      let next = try Self.next(nextFile)
      // Durable before it signs: whoever verifies later must still find the key that was before it.
      let stored = try await activate(signer)
      state.withLock { state in
        state.signer = signer
        state.next = next
        state.stored = stored
        state.hasActivated = true
        state.stamps = stamps
      }
    } catch {
      logger.log(.error, "bad signing key, the old one stays", .error(error))
      // A bad file is not read again until it changes; what the store refused is tried again.
      if error is KeyFileError { state.withLock { $0.stamps = stamps } }
    }
  }

  private func activate(_ signer: AccessTokenSigner) async throws -> [TokenKey] {
    let (id, publicKey) = (signer.keyID, signer.publicKey.bytes)
    let (keys, changed) = try await store.write { try $0.activate(id, publicKey) }
    if changed { logger.log(.notice, "access tokens are signed with another key") }
    return keys
  }

  private static func next(_ file: String?) throws(KeyFileError) -> AccessTokenSigner? {
    // It appears with a rotation and goes with it.
    guard let file, FileStamp(file) != nil else { return nil }
    return try AccessTokenSigner(keyFile: file)
  }

  private static func stamps(_ active: String, _ next: String?) -> [FileStamp?] {
    [FileStamp(active), next.flatMap { FileStamp($0) }]
  }
}

extension SigningKeys.Published {
  fileprivate init(_ signer: AccessTokenSigner, _ state: State) {
    self.init(id: signer.keyID, key: signer.publicKey, state: state)
  }
}
