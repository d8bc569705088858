internal import ArgumentParser
internal import Glibc
internal import NIOPosix
internal import RPC
internal import TLS

@main
struct RPCInteropClient: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc-interop-client",
    abstract: "One interoperability test of the gRPC project, against anybody's server.",
    discussion: """
      Exits with 0 and a sentence when the case passes, with 1 and a sentence when it fails.
      CASES
        \(InteropCase.all.keys.sorted().joined(separator: " "))
      EXAMPLE
        rpc-interop-client --host 127.0.0.1 --port 8443 --ca ca.pem --case empty_unary
      """)

  @Option(help: "The server's name or address, which its certificate must name too.")
  var host: String
  @Option(help: "The server's port.")
  var port: UInt16
  @Option(help: "PEM file: the authorities that may vouch for the server.")
  var ca: String
  @Option(help: "PEM file: the client's certificate chain, leaf first.")
  var cert: String?
  @Option(help: "PEM file: the key of the certificate.")
  var key: String?
  @Option(name: .customLong("case"), help: "The name of the test case.")
  var name: String
  @Option(help: "The URI that the server's certificate must name, instead of the host.")
  var serverURI: String?
  @Option(help: "Calls of rpc_soak and channel_soak, and of concurrent_large_unary at once.")
  var calls = 1000
  @Option(help: "Calls of rpc_soak and channel_soak that run at once.")
  var parallel = 1
  @Option(help: "Bytes of a soak's request payload.")
  var requestBytes = 271_828
  @Option(help: "Bytes of a soak's response payload.")
  var responseBytes = 314_159

  func validate() throws {
    guard InteropCase.all[name] != nil else {
      throw ValidationError("There is no case '\(name)'; --help lists them.")
    }
    guard (cert == nil) == (key == nil) else {
      throw ValidationError("A certificate needs its key: give --cert and --key, or neither.")
    }
    guard calls > 0, parallel > 0, requestBytes >= 0, responseBytes >= 0 else {
      throw ValidationError("--calls and --parallel are at least 1, sizes at least 0.")
    }
  }

  func run() async throws {
    let test = InteropCase(
      client: try client(), newClient: { try client() }, calls: calls,
      parallel: parallel, requestBytes: requestBytes, responseBytes: responseBytes)
    do {
      let result = try await InteropCase.all[name]!(test)
      print("\(name): \(result ?? "passed")")
    } catch {
      print("\(name): failed: \(error)")
      throw ExitCode(1)
    }
    await test.client.shutdown()
  }

  private func client() throws -> RPCClient {
    let identity = cert.map { TLSConfiguration.Identity(chainFile: $0, keyFile: key!) }
    var options = RPCClientOptions()
    options.defaultTimeout = .seconds(60)
    return RPCClient(
      target: RPCTarget(host: host, port: Int(port)),
      tls: try TLSContext(.client(trustRootsFile: ca, identity: identity)),
      expecting: serverURI.map(ExpectedPeer.uri) ?? .hostname(host), options: options,
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
  }
}
