internal import ArgumentParser
internal import TLS

/// One attack and nothing else, against any server.
struct Assault: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attack",
    abstract: "Runs one attack against a server on 127.0.0.1, and prints what became of it.",
    discussion: """
      Prints `connections=N ended=N goaways=N refused=N outlived=N`: connections made, those that the
      server ended, those of them with GOAWAY, those that it did not take, and those that went on for
      longer than any time-out allows.
      EXAMPLE
        rpc-hostile-peers attack --name pings --port 7443 --ca ca.pem --seconds 60
      """)

  @Option(help: "Its name; see --help of rpc-hostile-peers.")
  var name: AttackName
  @Option(help: "The server's port on 127.0.0.1.")
  var port: Int
  @Option(help: "PEM file: the authority of the server's certificate.")
  var ca: String
  @Option(help: "The URI that the server's certificate names.")
  var server = HostilePKI.serverURI
  @Option(help: "PEM file: the attackers' certificate, if they have one.")
  var cert: String?
  @Option(help: "PEM file: its key.")
  var key: String?
  @Option(help: "How long.")
  var seconds = 20

  func run() async throws {
    var identity: TLSConfiguration.Identity?
    if let cert, let key { identity = .init(chainFile: cert, keyFile: key) }
    let tls = try TLSContext(.client(trustRootsFile: ca, identity: identity))
    let target = Target(
      port: port, tls: tls, server: .uri(server), end: .now + .seconds(seconds))
    let attack = name.attack
    let tally = Tally()
    await withTaskGroup(of: Void.self) { tasks in
      for number in 0..<attack.peers {
        tasks.addTask { await Self.repeatedly(attack, target, number, tally) }
      }
    }
    print(tally.line)
  }

  /// Whoever is cut comes again.
  private static func repeatedly(
    _ attack: Attack, _ target: Target, _ number: Int, _ tally: Tally
  ) async {
    var turn = number
    while target.isOpen {
      let ending = await attack.assault(target, turn)
      tally.add(ending)
      turn += attack.peers
      // A refused peer does not spin.
      if ending == .refused { try? await Task.sleep(for: .milliseconds(20)) }
    }
  }
}
