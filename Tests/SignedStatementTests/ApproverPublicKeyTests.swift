internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import TestKeys
internal import Testing

@testable internal import SignedStatement

struct ApproverPublicKeyTests {
  private static let key = SigningKey(seed: [UInt8](repeating: 3, count: 32))!
  private static let statement = Array("what is decided".utf8)

  private func signature(
    _ bytes: [UInt8], over statement: [UInt8] = statement, authenticatorData: [UInt8] = []
  ) -> StatementSignature {
    StatementSignature(
      key: ApproverPublicKey(Self.key.publicKey).id, signTime: Timestamp(nanoseconds: 0),
      signature: bytes, authenticatorData: authenticatorData, statement: statement)
  }

  @Test("an Ed25519 signature holds over its statement and nothing else")
  func ed25519() {
    let key = ApproverPublicKey(Self.key.publicKey)
    let signed = Self.key.sign(Self.statement)
    #expect(key.algorithm == .ed25519)
    #expect(key.isSigned(signature(signed), relyingParty: nil))
    #expect(!key.isSigned(signature(signed, over: Self.statement + [0]), relyingParty: nil))
    #expect(!key.isSigned(signature(Array(signed.dropLast())), relyingParty: nil))
    #expect(!key.isSigned(signature(signed + [0]), relyingParty: nil))
    #expect(!key.isSigned(signature([]), relyingParty: nil))
    // What belongs to another scheme is not carried along unsigned.
    #expect(!key.isSigned(signature(signed, authenticatorData: [1]), relyingParty: nil))
    let other = ApproverPublicKey(SigningKey.generate().publicKey)
    #expect(!other.isSigned(signature(signed), relyingParty: nil))
    for bit in 0..<512 {
      var flipped = signed
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.isSigned(signature(flipped), relyingParty: nil))
    }
  }

  @Test("a key is read back from its DER, and only from that")
  func der() {
    let key = ApproverPublicKey(Self.key.publicKey)
    #expect(ApproverPublicKey(der: key.der)?.id == key.id)
    #expect(ApproverPublicKey(der: key.der + [0]) == nil)
    #expect(ApproverPublicKey(der: Array(key.der.dropLast())) == nil)
    #expect(ApproverPublicKey(der: []) == nil)
    // Another length form of the same value.
    #expect(ApproverPublicKey(der: [0x30, 0x81, 0x2A] + key.der.dropFirst(2)) == nil)
  }

  @Test("keys of other kinds are refused", arguments: ["P-384", "RSA", "X25519"])
  func kinds(_ kind: String) throws {
    #expect(ApproverPublicKey(der: try TestPrivateKey(kind).publicDER) == nil)
  }
}
