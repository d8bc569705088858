internal import DevPKI
internal import Glibc
internal import Synchronization
internal import TLS
internal import TemporaryFiles

/// One root, and the files of our own ends, which trust it.
final class ForgedWorld: Sendable {
  static let serverName = "spiffe://test.example/lockbox/approvals"
  static let clientName = "spiffe://test.example/lockbox/caller"

  let root: ForgedAuthority
  private let directory = TemporaryDirectory()
  private let shift = Mutex<Int64>(0)

  init() throws {
    root = try ForgedAuthority("test root")
    try write(root.certificate.pem(), "roots.pem")
  }

  func path(_ name: String) -> String { directory.file(name) }

  /// Exchanges a file atomically.
  func write(_ text: String, _ name: String) throws {
    try PrivateFile.write(text, to: path(name), mode: 0o600)
  }

  static func name(_ side: TLSSide) -> String { side == .server ? serverName : clientName }

  /// A correct request for either end.
  static func request(_ side: TLSSide) -> ForgedRequest {
    ForgedRequest(
      names: [.uri(name(side))], purposes: side == .server ? "serverAuth" : "clientAuth")
  }

  /// Moves the clock of our ends.
  func advance(by seconds: Int64) { shift.withLock { $0 += seconds } }

  private var now: @Sendable () -> Int64 {
    { [weak self] in Int64(time(nil)) + (self?.shift.withLock { $0 } ?? 0) }
  }

  /// Our server, which lets `clientName` in and nobody else.
  /// - Parameters:
  ///   - lists: PEM revocation lists; empty for none.
  ///   - shown: nil for a correct one.
  func server(
    lists: [String] = [], showing shown: ForgedCredential? = nil
  ) throws -> TLSContext {
    let identity = try install(shown ?? root.issue(Self.request(.server)), "server")
    var configuration = TLSConfiguration.server(
      identity: identity, clientCertificates: .required, trustRootsFile: path("roots.pem"),
      revocationListFile: try install(lists))
    configuration.allowedClients = [Self.clientName]
    return try TLSContext(configuration, now: now)
  }

  /// Our client.
  /// - Parameter shown: nil for a correct one.
  func client(
    lists: [String] = [], showing shown: ForgedCredential? = nil
  ) throws -> TLSContext {
    let identity = try install(shown ?? root.issue(Self.request(.client)), "client")
    return try TLSContext(
      .client(
        trustRootsFile: path("roots.pem"), identity: identity,
        revocationListFile: try install(lists)), now: now)
  }

  func install(
    _ credential: ForgedCredential, _ name: String
  ) throws -> TLSConfiguration.Identity {
    try write(credential.key.pem(), name + "-key.pem")
    try write(credential.chainPEM(), name + ".pem")
    return .init(chainFile: path(name + ".pem"), keyFile: path(name + "-key.pem"))
  }

  private func install(_ lists: [String]) throws -> String? {
    guard !lists.isEmpty else { return nil }
    try write(lists.joined(), "lists.pem")
    return path("lists.pem")
  }
}
