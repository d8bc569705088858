internal import Domain
public import NIOCore
public import RPC
internal import TLS

/// The services and the people of a `ctl.yaml`, for programs that make calls of their own.
public struct ServiceAccess: Sendable {
  private let configuration: Configuration
  private let tls: TLSContext

  /// - Parameter file: nil: where `lockboxctl` looks.
  /// - Throws: what says in one sentence why the configuration cannot be used.
  public init(configuration file: String?) throws {
    configuration = try Configuration.find(file, environment: Shell.system.environment)
    tls = try RPCTransport.tls(for: configuration)
  }

  /// A client of a service's people listener, with a connection of its own.
  public func client(
    of server: Server, options: RPCClientOptions = RPCClientOptions(),
    on group: any EventLoopGroup
  ) throws -> RPCClient {
    guard let target = configuration.endpoints[server] else {
      throw Failure.configuration("\(configuration.file) names no address of \(server).")
    }
    return client(at: target, options: options, on: group)
  }

  /// A client of another address, whose certificate the same authorities vouch for.
  public func client(
    at target: RPCTarget, options: RPCClientOptions = RPCClientOptions(),
    on group: any EventLoopGroup
  ) -> RPCClient {
    RPCClient(
      target: target, tls: tls,
      expecting: .hostname(configuration.serverName ?? target.host), options: options,
      eventLoopGroup: group)
  }

  /// The metadata that makes a call somebody's.
  ///
  /// - Parameter person: a name of the development issuers, or `@` and a file with a bearer token.
  public func identity(of person: String) throws -> Metadata {
    ["authorization": "Bearer \(try token(of: person))"]
  }

  private func token(of person: String) throws -> String {
    if person.hasPrefix("@") { return try BearerToken.read(String(person.dropFirst())) }
    guard let directory = configuration.developmentDirectory else {
      throw Failure(
        .usage, "\(configuration.file) names no development issuers: write @FILE with a token.")
    }
    return try DevelopmentToken.mint(
      for: person, in: directory, now: Shell.system.now, lifetime: .hours(24))
  }
}

extension Failure: CustomStringConvertible {
  var description: String { ([sentence] + details).joined(separator: "\n  ") }
}
