internal import ArgumentParser
internal import Glibc
internal import Logging
internal import NIOCore
internal import RPC
internal import TLS
internal import UnixSignals

@main
struct RPCInteropServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc-interop-server",
    abstract: "grpc.testing.TestService on a loopback port, for other people's gRPC clients.",
    discussion: """
      Prints `listening on 127.0.0.1:PORT`, logs to stderr. SIGTERM drains, SIGUSR1 logs the counters.
      EXAMPLE
        rpc-interop-server --port 0 --cert server.pem --key server.key --client-ca ca.pem \\
          --allow spiffe://example.org/client
      """)

  @Option(help: "The port on 127.0.0.1; 0 takes any free one.")
  var port: UInt16
  @Option(help: "PEM file: the certificate chain, leaf first. Read again when it changes.")
  var cert: String
  @Option(help: "PEM file: the key of the certificate.")
  var key: String
  @Option(help: "PEM file: authorities. Every client must show a certificate of one of them.")
  var clientCa: String?
  @Option(help: "The URI of a client that may call; may be repeated. Without it, any verified one.")
  var allow: [String] = []
  @Option(help: "PEM file: revocation lists of the clients' authorities. Read again on change.")
  var crl: String?
  @Option(help: "Bytes of the longest request message, and of the longest payload to answer with.")
  var maxMessage = ServerLimits.hardMessageBytes
  @Option(help: "The least severe log lines: debug, info, warning or error.")
  var logLevel = "debug"

  func validate() throws {
    guard (1...ServerLimits.hardMessageBytes).contains(maxMessage) else {
      throw ValidationError(
        "--max-message is \(maxMessage): give 1 to \(ServerLimits.hardMessageBytes) bytes.")
    }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError("--log-level is \(logLevel): give debug, info, warning or error.")
    }
    if clientCa == nil, !allow.isEmpty || crl != nil {
      throw ValidationError("--allow and --crl judge client certificates: give --client-ca too.")
    }
  }

  func run() async throws {
    let level = Logger.Level(rawValue: logLevel) ?? .debug
    let logger = Logger(label: "rpc-interop-server") { _ in LineLog(logLevel: level) }
    var configuration = TLSConfiguration.server(
      identity: .init(chainFile: cert, keyFile: key),
      clientCertificates: clientCa == nil ? .none : .required, trustRootsFile: clientCa,
      revocationListFile: crl)
    configuration.allowedClients = allow.isEmpty ? nil : Set(allow)
    let tls = try TLSContext(configuration)
    let counters = CallCounters()
    let server = RPCServer(
      listeners: [try listener(tls, logger)], metrics: counters, logger: logger)
    try await server.start()
    print("listening on 127.0.0.1:\(server.addresses[0].port ?? 0)")
    fflush(nil)
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await watch(tls, logger) }
      tasks.addTask { await heed(server, counters, logger) }
      do { try await server.run() } catch { logger.critical("cannot serve: \(error)") }
      tasks.cancelAll()
    }
    logger.info("drained", metadata: counters.fields)
  }

  private func listener(_ tls: TLSContext, _ logger: Logger) throws -> Listener {
    var limits = ServerLimits.standard
    limits.requestBytes = maxMessage
    var router = Router()
    InteropService(payloadLimit: maxMessage).add(to: &router)
    router.addHealth(HealthRegistry(services: [InteropService.name]))
    router.addReflection(of: [InteropService.descriptor])
    return Listener(
      address: try SocketAddress(ipAddress: "127.0.0.1", port: Int(port)), tls: tls,
      router: router,
      limits: limits)
  }

  private func watch(_ tls: TLSContext, _ logger: Logger) async {
    await tls.watch(every: .seconds(1)) { news in
      switch news {
      case .reloaded: logger.info("certificates reloaded")
      case .kept(let error): logger.error("certificates kept", metadata: ["error": "\(error)"])
      }
    }
  }

  private func heed(_ server: RPCServer, _ counters: CallCounters, _ logger: Logger) async {
    for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigusr1) {
      if signal == .sigusr1 {
        logger.info("counters", metadata: counters.fields)
      } else {
        server.shutdown()
      }
    }
  }
}
