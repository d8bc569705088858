internal import AccessToken
internal import Domain
internal import MerkleLog
internal import Testing

@Suite("Access tokens")
struct AccessTokenVerifierTests {
  @Test("a token with its receipt passes every check, offline")
  func good() throws {
    let fixture = Fixture()
    let verdict = fixture.verifier.verify(try fixture.token(), at: Fixture.now)
    #expect(verdict.holds, "\(String(describing: verdict.firstFailure))")
    #expect(verdict.checks.map(\.subject) == Check.Subject.allCases)
    #expect(verdict.claims?.grant.scope.resources == ["mailboxes/alice@acme.test"])
  }

  @Test("a token tells what its signer was told")
  func roundTrip() throws {
    let fixture = Fixture()
    var expected = try fixture.claimsWithReceipt()
    // Seconds are what a JWT's times hold.
    expected.issueTime = Timestamp(seconds: expected.issueTime.seconds, nanos: 0)!
    expected.expireTime = Timestamp(seconds: expected.expireTime.seconds, nanos: 0)!
    #expect(AccessTokenVerifier.unverifiedClaims(try fixture.token()) == expected)
  }

  @Test("what was tampered with fails at its check", arguments: Tampering.all)
  func tampered(tampering: Tampering) throws {
    var fixture = Fixture()
    tampering.prepare(&fixture)
    let token = try tampering.forge(fixture)
    let verdict = fixture.verifier.verify(token, at: tampering.now)
    #expect(!verdict.holds)
    #expect(verdict.firstFailure?.subject == tampering.failsAt)
  }

  @Test("there are at least 40 kinds of bad token, besides those that only another grant makes bad")
  func enough() {
    #expect(Tampering.all.count - Tampering.grants.count - Tampering.receipts.count >= 40)
    #expect(Set(Tampering.all.map(\.name)).count == Tampering.all.count)
  }

  @Test("a token in which any one bit is flipped never holds")
  func bitFlips() throws {
    let fixture = Fixture()
    let token = Array(try fixture.token().utf8)
    for position in stride(from: 0, to: token.count, by: 7) {
      for bit in [0, 3, 6] {
        var forged = token
        forged[position] ^= 1 << bit
        guard let text = String(validating: forged, as: UTF8.self) else { continue }
        let verdict = fixture.verifier.verify(text, at: Fixture.now)
        #expect(!verdict.holds, "byte \(position), bit \(bit)")
      }
    }
  }

  @Test("a check that was not reached does not pass")
  func notReached() {
    let verdict = Fixture().verifier.verify("", at: Fixture.now)
    #expect(verdict.claims == nil)
    #expect(verdict.checks.dropFirst().allSatisfy { $0.outcome == .notReached })
  }

  @Test(
    "times are checked to the edge",
    arguments: [
      (Duration.zero, true), (.seconds(599), true), (.minutes(10), false), (.seconds(-4), true),
      (.seconds(-6), false),
    ])
  func edges(offset: Duration, holds: Bool) throws {
    let fixture = Fixture()
    // The token's own times are whole seconds, cut down.
    let moment = Timestamp(seconds: Fixture.start.seconds, nanos: 0)! + offset
    #expect(fixture.verifier.verify(try fixture.token(), at: moment).holds == holds)
  }

  @Test("signer and published keys agree on the key id")
  func publishedKeys() throws {
    let key = SigningKey.fixed(1)
    let signer = AccessTokenSigner(key: key)
    #expect(signer.publicKeys.keys == [signer.keyID: key.publicKey])
    #expect(try PublicKeySet(json: signer.publicKeys.json) == signer.publicKeys)
  }
}
