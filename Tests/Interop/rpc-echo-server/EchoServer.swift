internal import ArgumentParser
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RPC
internal import TLS
internal import TestProto

/// Answers `bench.Echo/Say` with an async handler like any other: for measuring what a small call
/// costs beside other servers.
@main
struct EchoServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc-echo-server",
    abstract: "Serves bench.Echo/Say on loopback over TLS 1.3; asks for no client certificate.",
    discussion: "Example: rpc-echo-server --port 7443 --cert server.pem --key server.key")

  @Option(help: "TCP port on 127.0.0.1; 0 takes a free one.")
  var port: Int

  @Option(help: "PEM file of the certificate chain, leaf first.")
  var cert: String

  @Option(help: "PEM file of the leaf's key.")
  var key: String

  @Option(help: "Event loops, each a thread.")
  var threads = 1

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads is 1 to 1024") }
  }

  func run() async throws {
    let tls = try TLSContext(
      .server(
        identity: .init(chainFile: cert, keyFile: key), clientCertificates: .none))
    var router = Router()
    router.unary(Bench.Echo.say) { request, _ in Self.answer(request) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let server = RPCServer(
      listeners: [
        Listener(
          address: try SocketAddress(ipAddress: "127.0.0.1", port: port), tls: tls, router: router)
      ],
      group: group, logger: Logger(label: "rpc-echo-server"))
    for address in try await server.start() { print("listening on \(address)") }
    try await server.run()
    try await group.shutdownGracefully()
  }

  private static func answer(_ request: Bench.Req) -> Bench.Rep {
    let length =
      request.tenant.utf8.count + request.subject.utf8.count + request.justification.utf8.count
    return Bench.Rep(
      id: request.id, state: UInt32(clamping: length), at: 1_700_000_000_000 &+ request.minutes)
  }
}
