internal import ArgumentParser
internal import Glibc

/// Every attack, each against a server of its own with an honest caller beside it.
struct Trial: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial",
    abstract: "Attacks rpc-interop-server in every way and judges how it holds. The default.",
    discussion: """
      One line an attack; fails when the server dies, grows by more than 64 MiB, lets an attacker go
      on beyond its time-outs, does not count and log, or serves its honest caller worse than it may.
      Attackers run with the policy SCHED_IDLE, but share the machine: what they take of its cores no
      defence gives back, so the honest caller's p99 may also reach --floor.
      """)

  @Option(help: "Of each attack.")
  var seconds = 20
  @Option(name: .customLong("attack"), help: "Only this one; may be repeated.")
  var attacks: [AttackName] = []
  @Option(help: "The rpc-interop-server; by default the one beside this program.")
  var server: String?
  @Option(help: "How many at once; they share the machine, so p99 needs room for that.")
  var lanes = 1
  @Option(help: "Milliseconds of p99 that are never held against the server.")
  var floor = 20

  func run() async throws {
    raiseFileLimit()
    let pki = try HostilePKI()
    let program = CommandLine.arguments[0]
    let server = server ?? Self.directory(of: program) + "/rpc-interop-server"
    var waiting = (attacks.isEmpty ? AttackName.allCases : attacks)[...]
    var failed: [String] = []
    try await withThrowingTaskGroup(of: Verdict.self) { group in
      func startNext() {
        guard let name = waiting.popFirst() else { return }
        let bout = Bout(
          name: name, seconds: seconds, floor: .milliseconds(floor), pki: pki, server: server,
          program: program)
        group.addTask { try await Self.judge(bout) }
      }
      for _ in 0..<max(1, lanes) { startNext() }
      for try await verdict in group {
        if !verdict.faults.isEmpty { failed.append(verdict.name) }
        startNext()
      }
    }
    guard failed.isEmpty else {
      print("hostile: failed: \(failed.joined(separator: ", ")); logs are in \(pki.directory)")
      throw ExitCode.failure
    }
    pki.remove()
  }

  /// Another tenant of the machine may have had the cores just then: whoever was only slow fights
  /// once more.
  private static func judge(_ bout: Bout) async throws -> Verdict {
    var verdict = try await bout.fight()
    print(verdict.line)
    if verdict.isOnlySlow {
      verdict = try await bout.fight()
      print(verdict.line, "(once more)")
    }
    fflush(nil)
    return verdict
  }

  private static func directory(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
  }

  /// Two thousand connections need as many descriptors, here and in the server, which inherits this.
  private func raiseFileLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 16384)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
