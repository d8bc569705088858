internal import ProtobufC
internal import ServiceKit

/// What a browser holds to be known again: 256 random bits, and the only key to what is stored.
struct SessionID: Hashable, Sendable {
  private let bytes: [UInt8]

  static func random() -> SessionID {
    var generator = SystemRandomNumberGenerator()
    return SessionID(
      bytes: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads a cookie's value; nil where it is none of ours.
  init?(cookie: String) {
    guard cookie.utf8.count == 43, let bytes = Base64URL.decode(cookie.utf8),
      bytes.count == 32
    else {
      return nil
    }
    self.bytes = bytes
  }

  var cookie: String { Base64URL.encode(bytes) }

  /// Under which the store keeps the session: of no use to whoever reads it there.
  var key: SessionKey { SessionKey(bytes: Sha256.digest(bytes)) }

  /// A key that only the holder of the id can derive (HKDF-SHA-256, RFC 5869, one block).
  func derivedKey(for purpose: StaticString) -> [UInt8] {
    let extracted = HmacSha256.code(bytes, key: Array("lockbox portal session".utf8))
    return HmacSha256.code(Array("\(purpose)".utf8) + [1], key: extracted)
  }

  /// What forms of this session carry, so that no other site can send them.
  var formToken: String { Base64URL.encode(derivedKey(for: "form token")) }

  func accepts(formToken: String?) -> Bool {
    guard let given = formToken.map({ Array($0.utf8) }) else { return false }
    return ConstantTime.equal(given, Array(self.formToken.utf8))
  }
}

/// SHA-256 of a session's id.
struct SessionKey: Hashable, Sendable {
  let bytes: [UInt8]
}

enum ConstantTime {
  /// Takes the same time wherever the two differ.
  static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
