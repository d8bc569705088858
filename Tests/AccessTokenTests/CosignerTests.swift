internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import Testing

@Suite("Access tokens: cosignatures of the receipt")
struct CosignerTests {
  private let fixture = Fixture()
  private let one = CosignatureSigner(name: KeyName("w/1")!, key: .generate())
  private let two = CosignatureSigner(name: KeyName("w/2")!, key: .generate())

  private func failure(
    signedBy signers: [CosignatureSigner], demanding count: Int,
    change: (String) -> String = { $0 }
  ) throws -> Check.Subject? {
    var claims = try fixture.claimsWithReceipt()
    let note = try SignedNote(parsing: claims.receipt.checkpoint)
    let checkpoint = try Checkpoint(parsing: note.text)
    claims.receipt.checkpoint = change(
      try note.adding(signers.map { $0.cosign(checkpoint, at: 7).line }).serialized)
    let verifier = AccessTokenVerifier(
      keys: fixture.signer.publicKeys, issuer: fixture.issuer, audience: fixture.audience,
      logs: [
        fixture.claims.grant.tenant: NoteVerifier(
          name: KeyName(fixture.origin)!, key: fixture.logKey.publicKey)
      ],
      cosigners: Cosigners(count: count, witnesses: [one.verifier, two.verifier]).map {
        [fixture.claims.grant.tenant: $0]
      } ?? [:])
    let verdict = verifier.verify(fixture.signer.sign(claims), at: Fixture.now)
    #expect(verdict.holds == (verdict.firstFailure == nil))
    return verdict.firstFailure?.subject
  }

  @Test("as many of the tenant's witnesses as it demands, and nobody else's")
  func counts() throws {
    let stranger = CosignatureSigner(name: KeyName("w/1")!, key: .generate())
    #expect(try failure(signedBy: [one], demanding: 1) == nil)
    #expect(try failure(signedBy: [two, one], demanding: 2) == nil)
    #expect(try failure(signedBy: [], demanding: 1) == .cosignatures)
    #expect(try failure(signedBy: [one, one], demanding: 2) == .cosignatures)
    #expect(try failure(signedBy: [one, stranger], demanding: 2) == .cosignatures)
    #expect(try failure(signedBy: [], demanding: 0) == nil, "nobody is demanded")
  }

  @Test("a cosignature of another checkpoint is worse than none")
  func foreign() throws {
    let other = Checkpoint(origin: KeyName(fixture.origin)!, size: 99, root: .leaf([]))
    let line = one.cosign(other, at: 7).line.line
    let subject = try failure(signedBy: [two], demanding: 1) { $0 + line + "\n" }
    #expect(subject == .cosignatures)
  }
}
