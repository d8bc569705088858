internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("What enforcement points live on", .serialized)
struct EnforcementTests {
  private typealias Grants = ApprovalsV1.GrantService

  private func token(
    _ lockbox: ApprovalsFixture, of granted: StoredRequest, proof: String = "",
    as who: CallOptions? = nil
  ) async throws -> String {
    let grant = try #require(granted.record.grant)
    return try await lockbox.people.unary(
      Grants.issueAccessToken, .init(grantID: grant.id.description, dpopProof: proof),
      options: who ?? lockbox.engineer()
    ).accessToken
  }

  private func introspect(
    _ lockbox: ApprovalsFixture, _ token: String, as who: CallOptions? = nil
  ) async throws -> ApprovalsV1.IntrospectResponse {
    try await (who == nil ? lockbox.gate : lockbox.people).unary(
      Grants.introspect, .init(accessToken: token), options: who ?? CallOptions())
  }

  @Test("a live token is active for a gate, its engineer and its tenant, and for nobody else")
  func active() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let token = try await token(lockbox, of: granted)
      let answer = try await introspect(lockbox, token)
      #expect(answer.active && answer.grant?.grantID == granted.record.grant?.id.description)
      #expect(answer.expireTime == .init(lockbox.clock.now() + .minutes(10)))
      #expect(answer.confirmation == nil)
      let fabrikam = lockbox.installation.bearer(
        lockbox.installation.provider, "otto", [.engineer])
      for (who, isActive) in [
        (lockbox.engineer(), true), (lockbox.owner(), true), (lockbox.admin(), true),
        (lockbox.engineer("emil"), false), (fabrikam, false),
      ] {
        let answer = try await introspect(lockbox, token, as: who)
        #expect(answer.active == isActive)
        if !isActive { #expect(answer == .init(active: false)) }
      }
    }
  }

  @Test("a token that is expired, revoked, forged or unknown is not active, and nothing more")
  func inactive() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let token = try await token(lockbox, of: granted)
      let parts = token.split(separator: ".")
      let stranger = AccessTokenSigner(key: .generate())
      let claims = try #require(AccessTokenVerifier.unverifiedClaims(token))
      for bad in [
        "", "x", "\(parts[0]).\(parts[1]).",
        "\(parts[0]).\(parts[1]).\(String(repeating: "A", count: 86))", token + "=",
        stranger.sign(claims), lockbox.owner().metadata["authorization"] ?? "",
      ] {
        #expect(try await introspect(lockbox, bad) == .init(active: false))
      }
      _ = try await lockbox.people.unary(
        ApprovalsV1.ApprovalsService.revokeGrant,
        .init(grantID: claims.grant.id.description), options: lockbox.owner())
      #expect(try await introspect(lockbox, token) == .init(active: false))

      let second = try await self.token(lockbox, of: try await lockbox.granted())
      #expect(try await introspect(lockbox, second).active)
      lockbox.clock.advance(by: .minutes(10))
      #expect(try await introspect(lockbox, second) == .init(active: false))
    }
  }

  @Test("a token is bound to the key that its engineer proves to hold")
  func boundToKey() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let who = lockbox.engineer()
      let bearer = String((who.metadata["authorization"] ?? "").dropFirst("Bearer ".count))
      let key = SigningKey.generate()
      func proof(_ token: String, method: String = Grants.issueAccessToken.path) -> String {
        DPoPProof.make(
          key, method: "POST", url: "https://approvals.test\(method)", token: token,
          at: lockbox.clock.now(), id: "1")
      }
      let token = try await token(lockbox, of: granted, proof: proof(bearer), as: who)
      let thumbprint = DPoPProof.thumbprint(of: key.publicKey)
      #expect(
        AccessTokenVerifier.unverifiedClaims(token)?.confirmation == .key(thumbprint: thumbprint))
      #expect(try await introspect(lockbox, token).confirmation?.keyThumbprint == thumbprint)
      let told = try await lockbox.events().compactMap { event -> [UInt8]? in
        guard case .accessTokenIssued(let it) = event.payload else { return nil }
        return it.confirmation?.keyThumbprint
      }
      #expect(told == [thumbprint])
      for bad in [proof("another"), proof(bearer, method: Grants.returnGrant.path), "x"] {
        await expectRefusal(.failedPrecondition, "PROOF_INVALID") { () async throws(RPCError) in
          try await lockbox.people.unary(
            Grants.issueAccessToken,
            .init(grantID: granted.record.grant?.id.description ?? "", dpopProof: bad),
            options: who)
        }
      }
    }
  }

  @Test("a token is bound to the certificate that its engineer shows")
  func boundToCertificate() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let shown = try lockbox.installation.client(
        of: lockbox.service.addresses.people, as: .gate, expecting: .approvals)
      let token = try await shown.unary(
        Grants.issueAccessToken, .init(grantID: granted.record.grant?.id.description ?? ""),
        options: lockbox.engineer()
      ).accessToken
      await shown.shutdown()
      let confirmation = try #require(
        AccessTokenVerifier.unverifiedClaims(token)?.confirmation)
      guard case .certificate(let sha256) = confirmation else {
        Issue.record("bound to \(confirmation)")
        return
      }
      #expect(sha256.count == 32)
      #expect(try await introspect(lockbox, token).confirmation?.certificateSha256 == sha256)
    }
  }

  @Test("the feed tells of each grant that ends early, from the beginning and from where one was")
  func revocations() async throws {
    try await ApprovalsFixture.run { lockbox in
      let first = try await lockbox.granted()
      let second = try await lockbox.granted()
      let third = try await lockbox.granted()
      func id(_ request: StoredRequest) -> String { request.record.grant?.id.description ?? "" }
      let list = RevocationList()
      _ = try await lockbox.store.apply(
        .revoke(by: Sample.owner("oda")), to: first.record.request.id)
      var answers = lockbox.gate.serverStreaming(Grants.watchRevocations, .init())
        .makeAsyncIterator()
      let begin = try #require(try await answers.next())
      #expect(begin.revoked.map(\.grantID) == [id(first)] && begin.revoked[0].state == .revoked)
      list.take(begin, at: lockbox.clock.now())

      _ = try await lockbox.store.apply(
        .returnGrant(by: Sample.engineer), to: second.record.request.id)
      var seen: [String] = []
      while seen.isEmpty {
        let answer = try #require(try await answers.next())
        list.take(answer, at: lockbox.clock.now())
        seen = answer.revoked.map(\.grantID)
      }
      #expect(seen == [id(second)])

      // Resumed: what happened meanwhile comes, and nothing twice.
      _ = try await lockbox.store.apply(
        .revoke(by: Sample.owner("oda")), to: third.record.request.id)
      var resumed = lockbox.gate.serverStreaming(
        Grants.watchRevocations, .init(afterSequence: list.sequence)
      ).makeAsyncIterator()
      let missed = try #require(try await resumed.next())
      #expect(missed.revoked.map(\.grantID) == [id(third)])
      // And then a pulse without news.
      let pulse = try #require(try await resumed.next())
      #expect(pulse.revoked.isEmpty && pulse.sequence >= missed.sequence && pulse.time != nil)

      await expectRefusal(.outOfRange) { () async throws(RPCError) in
        var beyond = lockbox.gate.serverStreaming(
          Grants.watchRevocations, .init(afterSequence: 1_000_000)
        ).makeAsyncIterator()
        do { return try await beyond.next() } catch let error as RPCError { throw error } catch {
          throw RPCError(.unknown, "\(error)")
        }
      }
      // What is over by itself is no news to whoever begins.
      lockbox.clock.advance(by: .hours(9))
      var late = lockbox.gate.serverStreaming(Grants.watchRevocations, .init())
        .makeAsyncIterator()
      #expect(try await late.next()?.revoked == [])
    }
  }

  @Test("only enforcement points follow revocations")
  func onlyGates() async throws {
    try await ApprovalsFixture.run { lockbox in
      for (client, options, code) in [
        (lockbox.people, lockbox.operatorOptions(), StatusCode.unimplemented),
        (lockbox.expiry, CallOptions(), .permissionDenied),
      ] {
        await expectRefusal(code) { () async throws(RPCError) in
          var answers = client.serverStreaming(
            Grants.watchRevocations, .init(), options: options
          ).makeAsyncIterator()
          do { return try await answers.next() } catch let error as RPCError {
            throw error
          } catch { throw RPCError(.unknown, "\(error)") }
        }
      }
    }
  }

  @Test("a revoked grant is on an enforcement point's list at once, over real sockets")
  func revokedOnline() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id)
      let list = RevocationList()
      let clock = lockbox.clock
      let gate = lockbox.gate
      let following = Task {
        for try await answer in gate.serverStreaming(Grants.watchRevocations, .init()) {
          list.take(answer, at: clock.now())
        }
      }
      #expect(await eventually { list.completeUntil == clock.now() })
      #expect(!list.contains(grant))
      _ = try await lockbox.people.unary(
        ApprovalsV1.ApprovalsService.revokeGrant, .init(grantID: grant.description),
        options: lockbox.owner())
      // It took less than the second that is promised, or else a pulse would have come first.
      #expect(await eventually { list.contains(grant) })
      following.cancel()
      _ = try? await following.value
    }
  }

  @Test("keys are published before they sign and after, and change without a restart")
  func rotation() async throws {
    try await ApprovalsFixture.run { lockbox in
      let file = lockbox.installation.directory.file("token.key")
      func keys() async throws -> [ApprovalsV1.SigningKey] {
        try await lockbox.gate.unary(Grants.listSigningKeys, .init()).keys
      }
      let old = try #require(try await keys().first)
      #expect(try await keys().map(\.state) == [.active])
      let granted = try await lockbox.granted()
      let token = try await token(lockbox, of: granted)

      let next = SigningKey.generate()
      try next.save(to: file + ".next")
      #expect(await eventually { (try? await keys().map(\.state)) == [.active, .next] })
      lockbox.installation.directory.move("token.key.next", to: "token.key")
      #expect(await eventually { (try? await keys().map(\.state)) == [.active, .retired] })
      let rotated = try await keys()
      #expect(rotated[0].publicKey == next.publicKey.bytes && rotated[1].keyID == old.keyID)

      // The old token lives on; new ones are of the new key.
      #expect(try await introspect(lockbox, token).active)
      let renewed = try await self.token(lockbox, of: granted)
      #expect(CompactJWS(renewed)?.header.kid == rotated[0].keyID)
      let answer = try await lockbox.gate.unary(Grants.listSigningKeys, .init())
      #expect(try PublicKeySet(json: Array(answer.jwks.utf8)).keys.count == 2)
      let told = try await lockbox.events().compactMap { event -> [String]? in
        guard case .signingKeyActivated(let it) = event.payload else { return nil }
        return [event.tenantID, it.keyID, it.retiredKeyID]
      }
      #expect(told == [["", old.keyID, ""], ["", rotated[0].keyID, old.keyID]])

      lockbox.clock.advance(by: .minutes(11))
      #expect(try await keys().map(\.state) == [.active])
    }
  }
}
