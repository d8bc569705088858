internal import ArgumentParser
internal import CommandLine
internal import RPC
internal import TLS

/// What the load is put on, and how it is reached.
struct TargetOptions: ParsableArguments {
  @Option(
    help: "ctl.yaml with the services' addresses; else as lockboxctl finds it.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
  @Option(
    help: """
      Addresses, instead of ctl.yaml's: intake=HOST:PORT[,HOST:PORT…] for a service, without a name \
      for the scenarios health and call. May be repeated; connections are spread over all.
      """,
    transform: TargetList.init(parsing:))
  var target: [TargetList] = []
  @Option(help: "Connections to each address; the load is spread over them in turn.")
  var connections = 4
  @Option(
    help: "PEM file of who vouches for the addresses without a name. Else as ctl.yaml says.",
    completion: .file())
  var authorities: String?
  @Option(help: "Certificate to show to them: PEM file.", completion: .file())
  var certificate: String?
  @Option(help: "Its key: PEM file.", completion: .file())
  var key: String?
  @Option(help: "What their certificate says, if not the host: a DNS name or spiffe://…")
  var serverName: String?
  @Option(
    help: "How long one call may take. The default: 10s.",
    transform: TimeText.parse)
  var timeout: Duration?

  func validate() throws {
    guard (1...1_000).contains(connections) else {
      throw ValidationError("--connections \(connections) is out of range: write 1 to 1000.")
    }
    if (certificate == nil) != (key == nil) {
      throw ValidationError("--certificate and --key belong together: give both or neither.")
    }
    if let flag = certificate.map({ _ in "--certificate" })
      ?? serverName.map({ _ in "--server-name" }),
      authorities == nil
    {
      throw ValidationError(
        "\(flag) is for addresses of --target with authorities of their own: give --authorities.")
    }
    if authorities != nil && others.isEmpty {
      throw ValidationError("--authorities vouch for an address: give --target HOST:PORT.")
    }
  }

  /// The addresses without a name.
  var others: [RPCTarget] { addresses(of: nil) }

  func addresses(of server: Server?) -> [RPCTarget] {
    target.filter { $0.server == server }.flatMap(\.addresses)
  }

  /// TLS for the addresses without a name, and whom to expect there; nil: as ctl.yaml says.
  func ownTLS() throws -> (context: TLSContext, peer: (RPCTarget) -> ExpectedPeer)? {
    guard let authorities else { return nil }
    let identity = certificate.flatMap { certificate in
      key.map { TLSConfiguration.Identity(chainFile: certificate, keyFile: $0) }
    }
    let context = try TLSContext(.client(trustRootsFile: authorities, identity: identity))
    let name = serverName
    return (
      context,
      { target in
        guard let name else { return .hostname(target.host) }
        return name.contains("://") ? .uri(name) : .hostname(name)
      }
    )
  }

  var clientOptions: RPCClientOptions {
    var options = RPCClientOptions()
    // What is repeated is counted once and takes longer: not in a measurement.
    options.retry.maximumAttempts = 1
    options.maximumWaitingCalls = 1_000_000
    if let timeout { options.defaultTimeout = timeout }
    return options
  }
}

/// Addresses of one service, or of whatever serves the generic scenarios.
struct TargetList: Sendable {
  let server: Server?
  let addresses: [RPCTarget]

  /// Reads `HOST:PORT[,HOST:PORT…]` with or without `SERVICE=` before it.
  init(parsing text: String) throws(ValidationError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let server = Server(rawValue: String(parts[0])) else {
        let names = Server.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no service ‘\(parts[0])’: choose one of \(names).")
      }
      self.server = server
    } else {
      server = nil
    }
    var addresses: [RPCTarget] = []
    for address in parts[parts.count - 1].split(separator: ",", omittingEmptySubsequences: false) {
      guard let target = RPCTarget(String(address), name: server?.rawValue) else {
        throw ValidationError("write addresses as HOST:PORT, several with commas between them.")
      }
      addresses.append(target)
    }
    self.addresses = addresses
  }
}
