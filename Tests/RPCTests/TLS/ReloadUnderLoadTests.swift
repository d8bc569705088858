internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import TLS
internal import Testing

@testable internal import RPC

@Suite("Reloading under load", .timeLimit(.minutes(5)))
struct ReloadUnderLoadTests {
  /// `RPC_HANDSHAKES=10000` for the full figure.
  static let handshakes =
    getenv("RPC_HANDSHAKES").flatMap { Int(String(cString: $0)) } ?? 1500
  static let reloads = 100

  @Test("a hundred exchanges of certificate, key, trust and list: no handshake fails")
  func exchange() async throws {
    let world = try ForgedWorld()
    let (at, from) = (try Exchanged(world, .server), try Exchanged(world, .client))
    let server = try await GuardedServer(at.context)
    let each = Self.handshakes / Self.callers
    let reloading = Task {
      // Spread over the handshakes: one exchange of both ends for so many of them.
      for round in 1...Self.reloads {
        while await at.progress.value < round * each * Self.callers / (Self.reloads + 1) {
          try await Task.sleep(for: .milliseconds(1))
        }
        // Every tenth pair does not match: the old one stays.
        try at.exchange(bad: round % 10 == 0)
        try from.exchange(bad: round % 10 == 5)
      }
    }
    let failures = await withTaskGroup(of: [String].self) { tasks in
      for _ in 0..<Self.callers {
        tasks.addTask {
          var failures: [String] = []
          for _ in 0..<each {
            if let failure = await self.connect(server.port, from.context) {
              failures.append(failure)
            }
            await at.progress.add()
          }
          return failures
        }
      }
      return await tasks.reduce(into: []) { $0 += $1 }
    }
    // Throws when a good pair was kept out, or a bad one let in.
    try await reloading.value
    #expect(failures.isEmpty, "\(failures.count) failed, first: \(failures.first ?? "")")
    try await server.end()
    #expect(server.refusals.isEmpty)
  }

  private static let callers = 4

  /// One connection, up to the server's settings.
  private func connect(_ port: Int, _ context: TLSContext) async -> String? {
    do {
      let client = try await RawClient(
        port: port, tls: context, expecting: ForgedWorld.serverName)
      await client.close()
      return nil
    } catch {
      return "\(error)"
    }
  }
}

private actor Progress {
  private(set) var value = 0
  func add() { value += 1 }
}

/// One end whose files are exchanged while it is in use.
private final class Exchanged: Sendable {
  let context: TLSContext
  let progress = Progress()
  private let world: ForgedWorld
  private let side: TLSSide

  init(_ world: ForgedWorld, _ side: TLSSide) throws {
    self.world = world
    self.side = side
    let lists = [try world.root.list()]
    context = side == .server ? try world.server(lists: lists) : try world.client(lists: lists)
  }

  /// A new pair, the roots with one more beside them, and a new list; or, bad, a key of another pair.
  func exchange(bad: Bool) throws {
    let credential = try world.root.issue(ForgedWorld.request(side))
    let name = side == .server ? "server" : "client"
    _ = try world.install(credential, name)
    try world.write(
      world.root.certificate.pem() + ForgedAuthority("another root").certificate.pem(),
      "roots.pem")
    try world.write(world.root.list(), "lists.pem")
    if bad { try world.write(ForgedKey(.p256).pem(), name + "-key.pem") }
    switch (context.reloadIfChanged(), bad) {
    case (.reloaded, false): break
    case (.kept(let error), true):
      guard case .keyMismatch = error.reason else { throw error }
    case (let outcome, _): throw Unexpected(outcome: outcome)
    }
  }

  private struct Unexpected: Error { let outcome: TLSReload? }
}
