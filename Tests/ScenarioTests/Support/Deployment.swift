internal import AccessToken
internal import Domain
internal import MerkleLog
internal import NIOPosix
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Synchronization
internal import TLS
internal import TestKit
internal import Testing

/// The executables of this build as processes, with files, people and clients of their own.
final class Deployment: Sendable {
  let files: DeploymentFiles
  let lockbox: Lockbox
  private let children = Mutex<[ServiceName: ChildProcess]>([:])
  /// Clients that look for a service again every few milliseconds.
  private let probes: [ServiceName: RPCClient]

  static let tenants = ["acme", "brief", "plain"]
  /// Those that decide and log. Export only reads what they have logged.
  static let services: [ServiceName] = [.intake, .approvals, .expiry, .audit]

  /// Makes the files; starts nothing.
  init() async throws {
    files = try await DeploymentFiles(tenants: Self.tenants)
    var clients: [ServiceName: RPCClient] = [:]
    var probes: [ServiceName: RPCClient] = [:]
    for service in ServiceName.allCases {
      var options = RPCClientOptions()
      options.connectBackoff = Backoff(
        initial: .milliseconds(20), multiplier: 1.6, jitter: 0.2, maximum: .milliseconds(200))
      clients[service] = try files.client(of: service, options)
      options.connectBackoff = Backoff(
        initial: .milliseconds(5), multiplier: 1, jitter: 0, maximum: .milliseconds(5))
      probes[service] = try files.client(of: service, options)
    }
    self.probes = probes
    lockbox = Lockbox(cast: files.cast, clients: clients)
  }

  deinit {
    for child in children.withLock({ $0.values }) { child.kill() }
  }

  /// All four, ready, with three tenants: `acme`, `brief` whose customer's stage lasts two seconds,
  /// `plain` that has lockbox off.
  static func running() async throws -> Deployment {
    let deployment = try await Deployment()
    for service in services { deployment.start(service) }
    for service in services { try await deployment.ready(service) }
    try await deployment.prepare()
    return deployment
  }

  func prepare() async throws {
    try await lockbox.prepare([
      Lockbox.tenant("acme"), Lockbox.tenant("brief", lifetime: .seconds(2)),
      Lockbox.tenant("plain", enabled: false),
    ])
  }

  // MARK: Processes

  func start(_ service: ServiceName) {
    let child = ChildProcess(
      "\(buildDirectory)/lockbox-\(service.rawValue)",
      ["--config", files.configuration(of: service)], output: files.output(of: service))
    let earlier = children.withLock { $0.updateValue(child, forKey: service) }
    precondition(earlier?.ending() != nil || earlier == nil, "\(service) runs already")
  }

  /// Waits until the service serves, and gives how long that took.
  @discardableResult
  func ready(_ service: ServiceName) async throws -> Duration {
    let begin = ContinuousClock.now
    guard let probe = probes[service] else { preconditionFailure("every service has a probe") }
    let patience = Duration.seconds(30)
    while true {
      do throws(RPCError) {
        let answer = try await probe.unary(
          GrpcHealthV1.Health.check, .init(),
          options: CallOptions(timeout: patience, waitForReady: true))
        let time = ContinuousClock.now - begin
        if answer.status == .serving { return time }
        // It listens for a moment before it says that it serves.
        guard time < patience else {
          throw RPCError(.unavailable, "it says for \(time) that it does not serve")
        }
        try? await Task.sleep(for: .milliseconds(5))
      } catch {
        // The probe may still hold its connection to a process that was killed.
        let isLost = error.code == .unavailable && ContinuousClock.now - begin < patience
        if isLost { continue }
        Issue.record("\(service) is not ready: \(error); it says: \(output(of: service))")
        throw error
      }
    }
  }

  /// Ends the service as a power cut would.
  func kill(_ service: ServiceName) { child(service).kill() }

  /// Stops the service in order.
  func stop(_ service: ServiceName) async {
    let ending = await child(service).terminate()
    #expect(ending == .exited(0), "\(service) did not drain: \(output(of: service))")
  }

  func output(of service: ServiceName) -> String { text(ofFile: files.output(of: service)) }

  private func child(_ service: ServiceName) -> ChildProcess {
    guard let child = children.withLock({ $0[service] }) else {
      preconditionFailure("\(service) was never started")
    }
    return child
  }

  // MARK: Checking

  /// `lockbox.test/log/<tenant>`
  static func origin(of tenant: String) -> KeyName? {
    KeyName("\(DeploymentFiles.originPrefix)/\(tenant.isEmpty ? "provider" : tenant)")
  }

  /// Every check of a token as whoever enforces it makes them, with nothing but the public keys.
  func verdict(
    on token: String, at now: Timestamp = SystemClock().now(),
    cosigners: [TenantID: Cosigners] = [:]
  ) throws -> AccessToken.Verdict {
    var logs: [TenantID: NoteVerifier] = [:]
    for tenant in Self.tenants {
      logs[try #require(TenantID(tenant))] = NoteVerifier(
        name: try #require(Self.origin(of: tenant)), key: files.logKey)
    }
    return AccessTokenVerifier(
      keys: files.tokenKeys, issuer: DeploymentFiles.tokenIssuer,
      audience: DeploymentFiles.tokenAudience, logs: logs, cosigners: cosigners
    ).verify(token, at: now)
  }

  /// The checked log of a tenant; the provider's own for the empty id.
  func log(of tenant: String) async throws -> LogBook {
    try await lockbox.log(of: tenant, signedBy: files.logKey)
  }

  /// The same, once it has an entry of `kind` on the request.
  func log(of tenant: String, with kind: String, of request: String) async throws -> LogBook {
    try await lockbox.log(of: tenant, signedBy: files.logKey, with: kind, of: request)
  }

  /// Every log there is, checked.
  func logs() async throws -> [LogBook] {
    var logs: [LogBook] = []
    for tenant in Self.tenants + [""] { logs.append(try await log(of: tenant)) }
    return logs
  }
}
