internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import TLS
internal import Testing

@testable internal import RPC

@Suite("Bad certificates", .timeLimit(.minutes(2)))
struct BadCertificateTests {
  @Test("a server refuses it, says why, and runs nothing", arguments: BadCertificate.all)
  func atServer(_ bad: BadCertificate) async throws {
    let world = try ForgedWorld()
    let shown = try bad.make(.init(world: world, side: .client))
    let server = try await GuardedServer(world.server(lists: shown.lists))
    world.advance(by: shown.later)
    let outcome = try await EvilClient.call(server.port, EvilSetup(shown.credential))
    try await server.end()
    let reason = bad.reason(.client)
    #expect(server.refusals == ["\(TLSConnectionError(reason, at: .server))"])
    #expect(server.counts.refused == [reason.label])
    #expect(server.counts.handled == 0)
    #expect(outcome.alert == bad.alert)
    #expect(outcome.received.isEmpty)
  }

  @Test("a client refuses it, says why, and sends nothing", arguments: BadCertificate.all)
  func atClient(_ bad: BadCertificate) async throws {
    let world = try ForgedWorld()
    let shown = try bad.make(.init(world: world, side: .server))
    let context = try world.client(lists: shown.lists)
    world.advance(by: shown.later)
    let server = try EvilServer(EvilSetup(shown.credential))
    let error = try await world.call(server.port, context)
    #expect(error?.code == .unavailable)
    let reason = TLSConnectionError(bad.reason(.server), at: .client)
    #expect(error?.message == "cannot reach approvals at 127.0.0.1:\(server.port): \(reason)")
    let outcome = try await server.outcome()
    #expect(outcome.alert == bad.alert)
    #expect(outcome.received.isEmpty)
  }

  @Test("there are enough kinds")
  func count() {
    #expect(Set(BadCertificate.all.map(\.testDescription)).count == BadCertificate.all.count)
    #expect(BadCertificate.all.count >= 70)
  }

  @Test("what is unusual but right is let in, at both ends", arguments: GoodCertificate.all)
  func good(_ good: GoodCertificate) async throws {
    let world = try ForgedWorld()
    let server = try await GuardedServer(world.server())
    let outcome = try await EvilClient.call(
      server.port, EvilSetup(good.make(.init(world: world, side: .client))))
    try await server.end()
    #expect(server.refusals.isEmpty)
    #expect(server.counts.handled == 1)
    #expect(outcome.alert == nil)
    #expect(!outcome.received.isEmpty)

    let evil = try EvilServer(
      EvilSetup(good.make(.init(world: world, side: .server))), then: { $0.socket.finish() })
    _ = try await world.call(evil.port, world.client())
    #expect(try await evil.outcome().received.starts(with: CallBytes.preface))
  }
}

/// What RFC 5280 and RFC 8446 allow.
struct GoodCertificate: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable (BadCertificate.Scene) throws -> ForgedCredential

  static let all = [
    leaf("a plain one") { _ in },
    leaf("one with a common name besides") { $0.commonName = "somebody else" },
    leaf("one with host names besides") { $0.names?.append(.dns("LOCALHOST.")) },
    leaf("one without key usage, which allows all of them") { $0.keyUsage = nil },
    leaf("one with both ends' extended key usage") { $0.purposes = "clientAuth,serverAuth" },
    leaf("one with a key on P-384") { $0.key = .p384 },
    leaf("one with an Ed25519 key") { $0.key = .ed25519 },
    leaf("one with RSA of 2,048 bits") { $0.key = .rsa(bits: 2048) },
    leaf("one with an unknown extension that is not critical") {
      $0.extensions.append(("1.3.6.1.4.1.32473.1", "DER:0500"))
    },
    GoodCertificate(testDescription: "three intermediates") { scene in
      try scene.root.chain(of: 3).issue(scene.request)
    },
    // RFC 8446 §4.4.2: be prepared for any order, but for the leaf.
    GoodCertificate(testDescription: "three intermediates in another order") { scene in
      var credential = try scene.root.chain(of: 3).issue(scene.request)
      credential.chain = [credential.chain[1], credential.chain[2], credential.chain[0]]
      return credential
    },
    GoodCertificate(testDescription: "certificates that do not belong there besides") { scene in
      var credential = try scene.root.intermediate().issue(scene.request)
      credential.chain += [
        scene.root.certificate, try ForgedAuthority("unrelated").certificate,
      ]
      return credential
    },
    GoodCertificate(testDescription: "a name within what the intermediate may name") { scene in
      try scene.root.intermediate("intermediate") {
        $0.extensions.append(("nameConstraints", "critical,permitted;URI:test.example"))
      }.issue(scene.request)
    },
  ]

  private static func leaf(
    _ name: String, _ change: @escaping @Sendable (inout ForgedRequest) -> Void
  ) -> GoodCertificate {
    GoodCertificate(testDescription: name) { scene in
      var request = scene.request
      change(&request)
      return try scene.root.issue(request)
    }
  }
}

extension ForgedWorld {
  /// One call of our client to a server on this port; nil when it succeeds.
  func call(
    _ port: Int, _ context: TLSContext, expecting peer: ExpectedPeer = .uri(serverName)
  ) async throws -> RPCError? {
    var options = RPCClientOptions.impatient
    options.retry.maximumAttempts = 1
    let client = RPCClient(
      target: RPCTarget(name: "approvals", host: "127.0.0.1", port: port), tls: context,
      expecting: peer, options: options, eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    var failure: RPCError?
    do throws(RPCError) {
      _ = try await client.unary(
        EchoService.echo, Note(), options: CallOptions(timeout: .seconds(20)))
    } catch {
      failure = error
    }
    await client.shutdown(grace: .zero)
    return failure
  }
}
