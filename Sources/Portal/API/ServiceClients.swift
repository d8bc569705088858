internal import NIOPosix
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TLS

/// The way to the services' people listeners. It proves who they are and never who we are: what may
/// be done is what the person's token allows.
final class ServiceClients: Sendable {
  private let unary: [PortalService: RPCClient]
  /// For streams alone: a connection takes 100 of them, and calls must not wait behind live pages.
  let streaming: [RPCClient]
  let streamsPerConnection: Int

  /// Below the 100 that a server allows.
  static let usualStreamsPerConnection = 90

  init(
    _ services: [PortalService: Address], authorities: String, liveConnections: Int,
    streamsPerConnection: Int = usualStreamsPerConnection
  ) throws(TLSError) {
    let tls = try TLSContext(.client(trustRootsFile: authorities))
    unary = services.reduce(into: [:]) { clients, entry in
      clients[entry.key] = Self.client(of: entry.key, at: entry.value, tls)
    }
    streaming = (0..<liveConnections).compactMap { _ in
      services[.approvals].map { Self.client(of: .approvals, at: $0, tls) }
    }
    self.streamsPerConnection = streamsPerConnection
  }

  private static func client(
    of service: PortalService, at address: Address, _ tls: TLSContext
  ) -> RPCClient {
    var options = RPCClientOptions()
    // Pages wait for it: a service that is back is seen at once.
    options.connectBackoff = Backoff(
      initial: .milliseconds(50), multiplier: 1.6, jitter: 0.2, maximum: .seconds(2))
    return RPCClient(
      target: RPCTarget(name: service.rawValue, host: address.host, port: address.port), tls: tls,
      expecting: .hostname(address.host), options: options,
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
  }

  /// The client of the service that a method belongs to: `lockbox.<service>.v1.…`.
  func client(for service: String) throws(RPCError) -> RPCClient {
    let words = service.split(separator: ".")
    guard words.count == 4, words[0] == "lockbox",
      let service = PortalService(rawValue: String(words[1])), let client = unary[service]
    else { throw RPCError(.unimplemented, "the portal does not call \(service)") }
    return client
  }

  func shutdown() async {
    for client in unary.values { await client.shutdown(grace: .seconds(2)) }
    for client in streaming { await client.shutdown(grace: .zero) }
  }
}
