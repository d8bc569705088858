internal import MerkleLog
internal import Outbound
internal import ProtobufC
internal import TestKit
internal import Testing

@Suite struct WebhookSignatureTests {
  @Test func `The example of Standard Webhooks is signed as there`() throws {
    let secret = try #require(Base64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let key = try #require(WebhookKey(.shared, bytes: secret))
    #expect(key.receiverText == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    let fields = WebhookSignature.fields(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8), keys: [key])
    #expect(fields.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
    #expect(
      fields.map(\.value) == [
        "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      ])
  }

  @Test func `An Ed25519 signature holds under the public key that the receiver has`() throws {
    var random = TestGenerator.announced()
    let key = WebhookKey.generate(.signing, using: &random)
    let body = Array("{}".utf8)
    let signature = WebhookSignature.fields(id: "a", seconds: 5, body: body, keys: [key])[2].value
    #expect(signature.hasPrefix("v1a,"))
    let bytes = try #require(Base64.decode(String(signature.dropFirst(4))))
    #expect(key.receiverText.hasPrefix("whpk_"))
    let raw = try #require(Base64.decode(String(key.receiverText.dropFirst(5))))
    let publicKey = try #require(VerificationKey(raw))
    #expect(publicKey.isValid(signature: bytes, for: Array("a.5.{}".utf8)))
    #expect(!publicKey.isValid(signature: bytes, for: Array("a.6.{}".utf8)))
  }

  @Test func `While a secret is rotated both sign, the newer first`() throws {
    var random = TestGenerator.announced()
    let keys = [WebhookKey.generate(.shared, using: &random), .generate(.shared, using: &random)]
    let both = WebhookSignature.fields(id: "a", seconds: 5, body: [], keys: keys)[2].value
    let single = keys.map {
      WebhookSignature.fields(id: "a", seconds: 5, body: [], keys: [$0])[2].value
    }
    #expect(both == single.joined(separator: " "))
  }

  @Test func `A secret that is too short or too long is none`() {
    for count in [0, 23, 65] {
      #expect(WebhookKey(.shared, bytes: [UInt8](repeating: 1, count: count)) == nil)
    }
    for count in [0, 31, 33] {
      #expect(WebhookKey(.signing, bytes: [UInt8](repeating: 1, count: count)) == nil)
    }
  }
}
