internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import SignedStatement

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "The keys with which a tenant's approvers sign decisions.",
    discussion: """
      A signed decision is one that the provider cannot make up. A key counts after the tenant's \
      waiting time, or once another admin confirms it.

      EXAMPLES
        lockboxctl key generate --file ~/.config/lockbox/decisions.key
        lockboxctl key register --file ~/.config/lockbox/decisions.key --label laptop
        lockboxctl key list
        lockboxctl key confirm 5f0c…         # another admin
        lockboxctl approve "$id" --key ~/.config/lockbox/decisions.key
      """,
    subcommands: [
      KeyGenerateCommand.self, KeyRegisterCommand.self, KeyListCommand.self,
      KeyConfirmCommand.self, KeyRevokeCommand.self,
    ])
}

/// A key's id as it is printed: hexadecimal, 64 characters.
struct KeyArgument: ExpressibleByArgument {
  let id: ApproverKeyID

  init?(argument: String) {
    guard let id = ApproverKeyID(hexadecimal: argument) else { return nil }
    self.id = id
  }
}

struct KeyGenerateCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Make an Ed25519 key for signing decisions, in a file that only you can read.",
    discussion: """
      An existing file is never replaced. Name it as `signing_key` in ctl.yaml, or with --key.

      EXAMPLES
        lockboxctl key generate --file ~/.config/lockbox/decisions.key
      """)

  @Option(help: "The new file.", completion: .file()) var file: String

  func run(in shell: Shell) async throws {
    do throws(KeyFileError) {
      try SigningKey.generate().save(to: file)
    } catch {
      throw Failure(.configuration, "The key cannot be written: \(error).")
    }
    shell.print(try ApproverSigningKey(file: file).publicKey.id.description)
  }
}
