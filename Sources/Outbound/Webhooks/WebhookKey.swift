public import MerkleLog
internal import ProtobufC
internal import ServiceKit

/// A secret of a webhook, as Standard Webhooks 1.0.0 writes it.
public enum WebhookKey: Sendable {
  /// `whsec_`: HMAC-SHA256 with 24 to 64 bytes that both sides know; signatures `v1`.
  case shared([UInt8])
  /// `whsk_`: Ed25519; the receiver knows the public half, `whpk_`; signatures `v1a`.
  case signing(SigningKey, seed: [UInt8])

  /// - Parameter bytes: 24 to 64 for a shared secret, 32 for the seed of a signing key.
  public init?(_ scheme: Scheme, bytes: [UInt8]) {
    switch scheme {
    case .shared:
      guard (24...64).contains(bytes.count) else { return nil }
      self = .shared(bytes)
    case .signing:
      guard let key = SigningKey(seed: bytes) else { return nil }
      self = .signing(key, seed: bytes)
    }
  }

  /// A new one, 32 random bytes.
  public static func generate(
    _ scheme: Scheme, using random: inout some RandomNumberGenerator
  ) -> WebhookKey {
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard let key = WebhookKey(scheme, bytes: bytes) else { preconditionFailure("32 bytes fit") }
    return key
  }

  public enum Scheme: Int, Sendable, CaseIterable {
    case shared = 1
    case signing = 2
  }

  public var scheme: Scheme {
    switch self {
    case .shared: .shared
    case .signing: .signing
    }
  }

  /// What is stored.
  public var bytes: [UInt8] {
    switch self {
    case .shared(let bytes): bytes
    case .signing(_, let seed): seed
    }
  }

  /// What the receiver needs: the secret itself, `whsec_…`, or the public key, `whpk_…`.
  public var receiverText: String {
    switch self {
    case .shared(let bytes): "whsec_" + Base64.encode(bytes)
    case .signing(let key, _): "whpk_" + Base64.encode(key.publicKey.bytes)
    }
  }

  fileprivate func signature(of content: [UInt8]) -> String {
    switch self {
    case .shared(let bytes): "v1," + Base64.encode(HmacSha256.code(content, key: bytes))
    case .signing(let key, _): "v1a," + Base64.encode(key.sign(content))
    }
  }
}

/// The three fields of a signed webhook (Standard Webhooks 1.0.0).
public enum WebhookSignature {
  /// - Parameters:
  ///   - id: The same for every attempt, so that receivers can drop doubles.
  ///   - seconds: Of this attempt, since the epoch.
  ///   - keys: The newest first; one that was rotated out still signs for a while.
  public static func fields(
    id: String, seconds: Int64, body: [UInt8], keys: [WebhookKey]
  ) -> [(name: String, value: String)] {
    let content = Array("\(id).\(seconds).".utf8) + body
    let signatures = keys.map { $0.signature(of: content) }.joined(separator: " ")
    return [
      ("webhook-id", id), ("webhook-timestamp", "\(seconds)"), ("webhook-signature", signatures),
    ]
  }
}
