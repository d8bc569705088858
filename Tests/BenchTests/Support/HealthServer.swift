internal import DevPKI
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RPC
internal import StandardProto
internal import Synchronization
internal import TLS
internal import Testing

/// Somebody's gRPC server with the health service, on a loopback port.
struct HealthServer {
  let port: Int
  private let server: RPCServer
  private let running: Task<Void, any Error>
  private let calls = Calls()

  final class Calls: Sendable { let count = Atomic(0) }

  /// - Parameter answer: what the n-th call is told, from 1.
  init(
    _ pki: HealthPKI, clients: TLSConfiguration.ClientCertificates = .optional,
    answer: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) async throws {
    var router = Router()
    router.unary(GrpcHealthV1.Health.check) { [calls] request, _ in
      if !["", "right"].contains(request.service) {
        calls.count.wrappingAdd(1, ordering: .relaxed)
        throw RPCError(.notFound, "unknown service")
      }
      try answer(calls.count.wrappingAdd(1, ordering: .relaxed).newValue)
      return GrpcHealthV1.HealthCheckResponse(status: .serving)
    }
    let listener = Listener(
      address: try SocketAddress(ipAddress: "127.0.0.1", port: 0), tls: try pki.server(clients),
      router: router)
    server = RPCServer(
      listeners: [listener], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    port = try #require(try await server.start().first?.port)
    running = Task { [server] in try await server.run() }
  }

  var address: String { "127.0.0.1:\(port)" }
  var callCount: Int { calls.count.load(ordering: .relaxed) }

  func end() async throws {
    server.shutdown()
    try await running.value
  }
}

/// An authority and what it has issued, in a directory of its own.
final class HealthPKI: Sendable {
  static let uri = "spiffe://test.example/anything"

  let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("lockbox-bench-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let validity = Validity(from: Int64(Date().timeIntervalSince1970), days: 1)
    let authority = try CertificateAuthority(name: "test root", validity: validity)
    try PrivateFile.write(authority.certificatePEM(), to: path("ca.pem"), mode: 0o600)
    let server = CertificateRequest(
      validity: validity, uriNames: [Self.uri], dnsNames: ["localhost"],
      addresses: ["127.0.0.1"], usages: [.server])
    try authority.issue(server).write(chain: path("server.pem"), key: path("server.key"))
    let client = CertificateRequest(
      validity: validity, uriNames: ["spiffe://test.example/load"], usages: [.client])
    try authority.issue(client).write(chain: path("client.pem"), key: path("client.key"))
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  func server(_ clients: TLSConfiguration.ClientCertificates) throws -> TLSContext {
    try TLSContext(
      .server(
        identity: .init(chainFile: path("server.pem"), keyFile: path("server.key")),
        clientCertificates: clients, trustRootsFile: path("ca.pem")))
  }
}
