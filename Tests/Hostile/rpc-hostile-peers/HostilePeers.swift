internal import ArgumentParser

/// Peers that mean harm, against a server that also has honest callers.
@main
struct HostilePeers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc-hostile-peers",
    abstract: "Attacks a gRPC server in every way that is known, and tells how it holds.",
    subcommands: [Trial.self, Assault.self], defaultSubcommand: Trial.self)
}
