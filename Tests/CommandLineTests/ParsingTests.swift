internal import ArgumentParser
internal import Testing

@testable internal import CommandLine

@Suite("The command line")
struct ParsingTests {
  @Test(
    "a wrong command line is told so, with 64, before anything is asked",
    arguments: [
      ["nonsense"], ["submit"], ["show"], ["show", "latest"], ["show", "019aa000"],
      ["show", Example.requestID.uppercased()], ["approve", "123"],
      ["list", "--state", "open"], ["list", "--limit", "-1"], ["list", "--timeout", "soon"],
      ["list", "--timeout", "0s"], ["list", "--output", "xml"], ["list", "--tenant", "A B"],
      ["list", "--as", "erin", "--token-file", "t"], ["watch", Example.requestID, "--tenant", "a"],
      SubmitTests.arguments + ["--action", "peek"], SubmitTests.arguments + ["--reason", "fun"],
      ["audit", "list", "--kind", "stage_openned"], ["audit", "list", "--after", "yesterday"],
      ["token", "verify", "x", "--file", "y"], ["token", "verify", "--at", "noon"],
      ["dev", "token"], ["dev", "token", "--as", "erin", "--lifetime", "25h"],
      ["dev", "issuer", "provider"], ["dev", "issuer", "Acme"], ["apply"], ["health", "portal"],
      ["apply", "-f", "-", "--check", "--dry-run"], ["policy", "rollback", "exchange"],
      ["policy", "rollback", "exchange", "--to", "0"], ["policy", "test", "--tenant", "acme"],
      ["policy", "replay", "-f", "-", "--since", "soon"],
      ["audit", "list", "--format", "xml"], ["audit", "list", "--format", "csv", "--events"],
      ["destination", "create", "--name", "a", "--format", "ocsf"],
      ["destination", "create", "--name", "a", "--format", "cef", "--webhook", "https://a.test"],
      ["destination", "create", "--name", "a", "--format", "standard", "--syslog", "a.test"],
      ["destination", "update", "x", "--pause", "--resume"],
    ])
  func wrong(arguments: [String]) async {
    let scene = Scene()
    let outcome = await scene.run(arguments)
    #expect(outcome.status == .usage)
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test("every command teaches by example")
  func help() async {
    for path in Self.commands(of: Lockboxctl.self) {
      let outcome = await Scene().run(path + ["--help"])
      #expect(outcome.status == .success, "\(path)")
      let text = outcome.output.joined()
      #expect(text.contains("EXAMPLES"), "\(path)")
      #expect(text.contains("  lockboxctl "), "\(path)")
    }
  }

  @Test("no example is so long that help would break it")
  func exampleLines() {
    func check(_ command: any ParsableCommand.Type) {
      let lines = command.configuration.discussion.split(separator: "\n")
      let long = lines.filter { $0.hasPrefix("  ") && $0.count > 80 }
      #expect(long.isEmpty)
      command.configuration.subcommands.forEach(check)
    }
    check(Lockboxctl.self)
  }

  private static func commands(of command: any ParsableCommand.Type) -> [[String]] {
    [[]]
      + command.configuration.subcommands.flatMap { subcommand in
        commands(of: subcommand).map { [subcommand.configuration.commandName ?? ""] + $0 }
      }
  }

  @Test("there is every command of the design")
  func everyCommand() {
    let names = Set(Self.commands(of: Lockboxctl.self).map { $0.joined(separator: " ") })
    let wanted: Set = [
      "submit", "withdraw", "list", "show", "watch", "approve", "deny", "revoke", "grant list",
      "grant show", "grant return", "token issue", "token verify", "token show", "tenants list",
      "tenants show", "tenants history", "tenants rollback", "policy list", "policy show",
      "policy history", "policy rollback", "policy diff", "policy test", "policy replay",
      "apply", "export", "audit list", "audit tail",
      "audit checkpoint", "audit verify", "audit search", "audit stats", "audit fsck",
      "expiry status", "expiry list", "health", "dev init",
      "dev ca", "dev issuer", "dev token", "dev people",
    ]
    #expect(wanted.subtracting(names).isEmpty)
  }

  @Test("the help of the root tells every exit status")
  func exitStatuses() async {
    let text = await Scene().run(["--help"]).output.joined(separator: "\n")
    for status in CommandStatus.allCases {
      #expect(text.contains("\(status.rawValue)  \(status.meaning.prefix(20))"), "\(status)")
    }
  }

  @Test("there is completion for the shells", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) async {
    let outcome = await Scene().run(["--generate-completion-script", shell])
    #expect(outcome.status == .success)
    #expect(outcome.output.joined().contains("awaiting-customer"))
  }
}
