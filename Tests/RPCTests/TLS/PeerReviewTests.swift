internal import Logging
internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import TLS
internal import Testing

@testable internal import RPC

@Suite("Peers that were let in and are welcome no more", .timeLimit(.minutes(2)))
struct PeerReviewTests {
  /// What befalls those who are connected.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let problem: CertificateProblem
    /// Given our world and what the peer showed.
    let happen: @Sendable (ForgedWorld, ForgedCredential) throws -> Void
  }

  static let rows = [
    Row(testDescription: "revoked", problem: .revoked) { world, peer in
      try world.write(world.root.list(revoking: [peer.leaf]), "lists.pem")
    },
    Row(testDescription: "its authority is trusted no more", problem: .unknownAuthority) {
      world, _ in
      let other = try ForgedAuthority("other root")
      try world.write(other.certificate.pem(), "roots.pem")
      try world.write(other.list(), "lists.pem")
    },
    Row(testDescription: "expired", problem: .expired) { world, _ in world.advance(by: 1000) },
  ]

  let world: ForgedWorld

  init() throws { world = try ForgedWorld() }

  @Test("a server ends their connections and what runs on them, and tells", arguments: rows)
  func atServer(_ row: Row) async throws {
    let context = try world.server(lists: [world.root.list()])
    let watching = watch(context)
    let started = Signal()
    let server = try await guarded(context, started)
    let shown = try shortLived(.client)
    let bad = client(server.port, try world.client(showing: shown))
    let good = client(server.port, try world.client())
    _ = try await good.unary(EchoService.echo, Note())
    async let running = failure { () throws(RPCError) in
      try await bad.unary(EchoService.read, Note())
    }
    await started.wait()
    try row.happen(world, shown)
    #expect(try await running.code == .unavailable)
    let everybody = row.problem == .unknownAuthority
    // One who is still welcome keeps the connection.
    if !everybody { _ = try await good.unary(EchoService.echo, Note()) }
    await bad.shutdown(grace: .zero)
    await good.shutdown(grace: .zero)
    watching.cancel()
    try await server.end()
    let ends = server.log.lines.filter {
      $0.message == "connection ended: its peer is welcome no more"
    }
    #expect(server.counts.cut == ends.map { _ in row.problem })
    #expect(ends.allSatisfy { $0.fields["reason"] == "\(row.problem)" && $0.level == .warning })
    #expect(ends.first?.fields["peer"] == ForgedWorld.clientName)
    if !everybody { #expect(ends.count == 1) }
    #expect(ends.count >= 1)
  }

  @Test("a client ends its connection, and says why", arguments: rows)
  func atClient(_ row: Row) async throws {
    let shown = try shortLived(.server)
    let started = Signal()
    let server = try await guarded(world.server(showing: shown), started)
    let context = try world.client(lists: [world.root.list()])
    let watching = watch(context)
    let client = client(server.port, context)
    async let running = failure { () throws(RPCError) in
      try await client.unary(EchoService.read, Note())
    }
    await started.wait()
    try row.happen(world, shown)
    let reason = "\(TLSConnectionError(.certificateRefused(row.problem), at: .client))"
    let error = try await running
    #expect(error.code == .unavailable)
    #expect(error.message.hasSuffix(reason), "\(error)")
    let next = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(next.message.hasSuffix(reason), "\(next)")
    await client.shutdown(grace: .zero)
    watching.cancel()
    try await server.end()
  }

  @Test("without a list of its issuer a peer that is connected stays, and no other one comes in")
  func listGone() async throws {
    let context = try world.server(lists: [world.root.list()])
    let server = try await guarded(context, Signal())
    let before = client(server.port, try world.client())
    _ = try await before.unary(EchoService.echo, Note())
    try world.write(ForgedAuthority("other root").list(), "lists.pem")
    #expect(context.reloadIfChanged() == .reloaded)
    let after = client(server.port, try world.client())
    let refused = try await failure { () throws(RPCError) in
      try await after.unary(EchoService.echo, Note())
    }
    #expect(refused.code == .unavailable)
    // Longer than a few reviews take: the refused one's answer came by the same loops.
    for _ in 0..<20 { _ = try await before.unary(EchoService.echo, Note()) }
    await before.shutdown(grace: .zero)
    await after.shutdown(grace: .zero)
    try await server.end()
    #expect(server.counts.cut.isEmpty)
    #expect(server.counts.refused == ["certificate_revocation_unknown"])
  }

  // MARK: - Ends

  private func shortLived(_ side: TLSSide) throws -> ForgedCredential {
    var request = ForgedWorld.request(side)
    request.to = 900
    return try world.root.issue(request)
  }

  private func watch(_ context: TLSContext) -> Task<Void, Never> {
    Task { await context.watch(every: .milliseconds(20)) { _ in } }
  }

  /// `echo` answers, `read` never does.
  private func guarded(_ context: TLSContext, _ started: Signal) async throws -> GuardedServer {
    var limits = ServerLimits.standard
    limits.peerReviewInterval = .milliseconds(20)
    return try await GuardedServer(context, limits: limits) { router in
      router.unary(EchoService.read) { request, _ in
        started.send()
        // Ends with the task.
        await Signal().wait()
        return request
      }
    }
  }

  private func client(_ port: Int, _ context: TLSContext) -> RPCClient {
    var options = RPCClientOptions.impatient
    options.peerReviewInterval = .milliseconds(20)
    options.retry.maximumAttempts = 1
    return RPCClient(
      target: RPCTarget(name: "approvals", host: "127.0.0.1", port: port), tls: context,
      expecting: .uri(ForgedWorld.serverName), options: options,
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
  }
}
