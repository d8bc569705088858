internal import ArgumentParser
internal import RPC
internal import StandardProto
internal import Words

struct HealthCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "health",
    abstract: "Ask every service whether it serves; needs no token.",
    discussion: """
      Exits with 0 when all do, 69 when one does not.

      EXAMPLES
        lockboxctl health
        until lockboxctl health --output json >/dev/null; do sleep 1; done
        lockboxctl health audit
      """)

  static let needsToken = false

  @Argument(help: "The services; none: all that the configuration names.")
  var servers: [Server] = []
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let servers =
      self.servers.isEmpty
      ? Server.allCases.filter { session.configuration.endpoints[$0] != nil } : self.servers
    var answers: [(server: Server, answer: Answer)] = []
    for server in servers { answers.append((server, await ask(server, session))) }
    switch session.printer.format {
    case .json:
      session.shell.print(
        JSONText.object(answers.map { ("\($0.server)", JSONText.string($0.answer.json)) }))
    case .table:
      var table = Table("SERVICE", "ADDRESS", "HEALTH")
      for (server, answer) in answers {
        table.add(
          Styled("\(server)"),
          Styled(session.configuration.endpoints[server]?.authority ?? ""), answer.words)
      }
      table.lines(session.printer.style).forEach(session.shell.print)
    }
    let bad = answers.filter { $0.answer != .serving }.map { "\($0.server)" }
    if !bad.isEmpty {
      throw Failure(.unavailable, "Not serving: \(bad.joined(separator: ", ")).")
    }
  }

  private enum Answer: Equatable {
    case serving
    case notServing
    case unreachable(String)

    var words: Styled {
      switch self {
      case .serving: Styled("serving", .good)
      case .notServing: Styled("not serving", .bad)
      case .unreachable(let why): Styled("unreachable: \(why)", .bad)
      }
    }

    var json: String {
      switch self {
      case .serving: "SERVING"
      case .notServing: "NOT_SERVING"
      case .unreachable: "UNREACHABLE"
      }
    }
  }

  private func ask(_ server: Server, _ session: Session) async -> Answer {
    do {
      let answer = try await session.attempt(GrpcHealthV1.Health.check, .init(), at: server)
      return answer.status == .serving ? .serving : .notServing
    } catch {
      return .unreachable(error.message)
    }
  }
}
