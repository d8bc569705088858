internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import TestKeys
internal import Testing

@testable internal import SignedStatement

/// Assertions as a browser and an authenticator make them, and what is wrong with others.
struct WebAuthnTests {
  private static let site = WebAuthnRelyingParty(
    id: "lockbox.example", origins: ["https://lockbox.example"])
  private static let statement = Array("what is decided".utf8)

  struct Assertion: Sendable {
    var relyingParty = "lockbox.example"
    var flags: UInt8 = 0x05
    var length = 37
    var type = "webauthn.get"
    var challenge = Base64URL.encode(SHA256.hash(WebAuthnTests.statement).bytes)
    var origin = "https://lockbox.example"
    var crossOrigin = "false"
    var more = ""

    var authenticatorData: [UInt8] {
      Array(
        (SHA256.hash(Array(relyingParty.utf8)).bytes + [flags, 0, 0, 0, 7]).prefix(length))
    }

    var clientData: [UInt8] {
      Array(
        #"{"type":"\#(type)","challenge":"\#(challenge)","origin":"\#(origin)","crossOrigin":\#(crossOrigin)\#(more)}"#
          .utf8)
    }
  }

  private func holds(
    _ assertion: Assertion, for site: WebAuthnRelyingParty? = site,
    spoiling: (inout [UInt8]) -> Void = { _ in }
  ) throws -> Bool {
    let key = try TestPrivateKey("P-256")
    let publicKey = try #require(ApproverPublicKey(der: key.publicDER))
    #expect(publicKey.algorithm == .webauthnEs256)
    var signed = try key.sign(
      assertion.authenticatorData + SHA256.hash(assertion.clientData).bytes)
    spoiling(&signed)
    return publicKey.isSigned(
      StatementSignature(
        key: publicKey.id, signTime: Timestamp(nanoseconds: 0), signature: signed,
        authenticatorData: assertion.authenticatorData, clientDataJSON: assertion.clientData,
        statement: Self.statement), relyingParty: site)
  }

  @Test("an assertion of the site over the statement holds")
  func good() throws {
    #expect(try holds(Assertion()))
    // Browsers may add members.
    #expect(try holds(Assertion(more: #","other_keys_can_be_added_here":"x""#)))
  }

  static let bad: [(String, Assertion)] = [
    ("another site", Assertion(relyingParty: "lockbox.example.evil")),
    ("nobody present", Assertion(flags: 0x04)),
    ("present, not verified", Assertion(flags: 0x01)),
    ("data cut short", Assertion(length: 36)),
    ("a registration", Assertion(type: "webauthn.create")),
    (
      "another statement",
      Assertion(challenge: Base64URL.encode(SHA256.hash(Array("else".utf8)).bytes))
    ),
    ("another origin", Assertion(origin: "https://lockbox.example.evil")),
    ("an origin that only begins alike", Assertion(origin: "https://lockbox.example:444")),
    ("in a frame of another site", Assertion(crossOrigin: "true")),
    ("a member in place of another", Assertion(crossOrigin: "falsetto")),
  ]

  @Test("any other assertion does not", arguments: bad)
  func refused(_ name: String, _ assertion: Assertion) throws {
    #expect(try !holds(assertion))
  }

  @Test("without a site nobody vouches, and a spoilt signature does not hold")
  func others() throws {
    #expect(try !holds(Assertion(), for: nil))
    #expect(try !holds(Assertion()) { $0[$0.count - 1] ^= 1 })
    #expect(try !holds(Assertion()) { $0 = [] })
  }
}
