internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import RPC
internal import ServiceKit
internal import TemporaryFiles
internal import TestKit
internal import Testing

extension Scenarios {
  @Suite("A witness of the customer's")
  struct WitnessTests {
    /// Tenant acme demands one cosignature, of its own witness.
    private func deployment() async throws -> (Deployment, CustomerWitness) {
      let deployment = try await Deployment()
      let witness = try CustomerWitness(of: "acme", in: deployment.files)
      for service in ServiceName.allCases { deployment.start(service) }
      for service in ServiceName.allCases { try await deployment.ready(service) }
      try await deployment.prepare()
      var settings = Lockbox.tenant("acme")
      settings.requiredCosignatures = .init(
        count: 1, witnesses: [witness.signer.verifier.vkey])
      let admin = deployment.lockbox.cast.customer("acme").admin
      try await deployment.lockbox.apply(settings, by: admin)
      return (deployment, witness)
    }

    @Test("no token while the witness is down, with the reason; one with its cosignature later")
    func demanded() async throws {
      let (deployment, witness) = try await deployment()
      let lockbox = deployment.lockbox
      let record = try await lockbox.grant(.init())
      #expect(record.state == .approved)
      let refused = try await refusal { try await lockbox.token(record) }
      #expect(refused.code == .unavailable && refused.reason == "COSIGNATURES_MISSING")
      #expect(refused.message.contains("witness.acme.test/w1: unreachable"))
      #expect(refused.retryDelay != nil)
      // A tenant that demands nothing is not held up.
      let other = try await lockbox.grant(.init(tenant: "plain"))
      #expect(try deployment.verdict(on: try await lockbox.token(other).accessToken).holds)

      let child = witness.start()
      let issued = try await withRetries { try await lockbox.token(record) }
      let note = try SignedNote(parsing: try #require(issued.receipt).checkpoint)
      #expect(try note.cosignatures(by: [witness.signer.verifier]).count == 1)
      let acme = try #require(TenantID("acme"))
      let one = try #require(Cosigners(count: 1, witnesses: [witness.signer.verifier]))
      let verdict = try deployment.verdict(on: issued.accessToken, cosigners: [acme: one])
      #expect(verdict.holds, "\(String(describing: verdict.firstFailure))")
      let stranger = CosignatureSigner(name: witness.signer.verifier.name, key: .generate())
      let other1 = try #require(Cosigners(count: 1, witnesses: [stranger.verifier]))
      let foreign = try deployment.verdict(on: issued.accessToken, cosigners: [acme: other1])
      #expect(foreign.firstFailure?.subject == .cosignatures)

      // With the witness gone again, what it has cosigned is still good for this grant.
      child.kill()
      #expect(try await lockbox.token(record).accessToken.isEmpty == false)
      _ = child
    }

    @Test("a log that forks after the witness has seen it gets no cosignature")
    func forked() async throws {
      let (deployment, witness) = try await deployment()
      let child = witness.start()
      let record = try await deployment.lockbox.grant(.init())
      let issued = try await withRetries { try await deployment.lockbox.token(record) }
      let note = try SignedNote(parsing: try #require(issued.receipt).checkpoint)
      let seen = try Checkpoint(parsing: note.text)
      // Whoever has the log's key can sign anything; the witness remembers.
      let key = try SigningKey(contentsOf: deployment.files.directory.file("log.key"))
      let origin = try #require(Deployment.origin(of: "acme"))
      let log = NoteSigner(name: origin, key: key)
      var size: UInt64 = 0
      for (old, new) in [(seen.size, seen.size), (seen.size, seen.size + 5)] {
        let lie = Checkpoint(origin: origin, size: new, root: .leaf([1, 2, 3]))
        var request = try AddCheckpoint(oldSize: old, proof: [], note: try lie.signed(by: [log]))
        var answer = try await witness.post(request)
        if answer.status == 409 {
          // It has seen a larger tree since.
          size = try #require(UInt64(String(decoding: answer.body, as: UTF8.self).dropLast()))
          let later = Checkpoint(
            origin: origin, size: size + (new - old), root: .leaf([1, 2, 3]))
          request = try AddCheckpoint(
            oldSize: size, proof: [], note: try later.signed(by: [log]))
          answer = try await witness.post(request)
        }
        #expect(answer.status == 422)
      }
      #expect(await child.terminate() == .exited(0))
    }

    @Test("a tenant's auditor reads its log as tiles, and nobody else's")
    func tiles() async throws {
      let (deployment, witness) = try await deployment()
      let customer = deployment.lockbox.cast.customer("acme")
      let files = deployment.files
      let caller = try await HTTPSCaller(
        witness.audit, files.pki, expecting: ServiceName.audit.spiffeID(in: TestPKI.trustDomain))
      func ask(_ path: String, _ person: Person?) async throws -> HTTPSCaller.Answer {
        let fields =
          person.flatMap { $0.options.metadata["authorization"] }
          .map { ["authorization": $0] } ?? [:]
        return try await caller.ask("GET", path, fields)
      }
      var checkpoint = try await ask("/log/acme/checkpoint", customer.auditor)
      _ = try await eventually {
        checkpoint = try await ask("/log/acme/checkpoint", customer.auditor)
        return !checkpoint.body.contains("\n0\n")
      }
      #expect(checkpoint.status == 200)
      let origin = try #require(Deployment.origin(of: "acme"))
      let log = NoteVerifier(name: origin, key: files.logKey)
      let head = try Checkpoint(verifying: checkpoint.body, origin: origin, verifiers: [log])
      #expect(head.size > 0 && head.size < 256)
      let tile = try await ask("/log/acme/tile/0/000.p/\(head.size)", customer.auditor)
      #expect(tile.bytes.count == Int(head.size) * 32)
      let bundle = try await ask("/log/acme/tile/entries/000.p/\(head.size)", customer.auditor)
      #expect(bundle.status == 200 && bundle.fields["cache-control"]?.contains("immutable") == true)
      var missing = try await ask("/log/nobody/checkpoint", customer.auditor)
      var foreign = try await ask("/log/brief/checkpoint", customer.auditor)
      missing.fields["date"] = nil
      foreign.fields["date"] = nil
      #expect(missing == foreign && missing.status == 404)
      #expect(try await ask("/log/acme/checkpoint", nil).status == 401)
      #expect(try await ask("/log/acme/checkpoint", deployment.lockbox.cast.engineer).status == 403)
      #expect(try await ask("/log/acme/checkpoint", deployment.lockbox.cast.operator).status == 404)
    }
  }
}
