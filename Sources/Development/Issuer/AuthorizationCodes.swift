internal import Domain
internal import ProtobufC
internal import Synchronization

/// The codes that were given and not redeemed: each is good once, for a minute (RFC 6749 §4.1.2).
final class AuthorizationCodes: Sendable {
  /// Who signed in where, and what they were asked for.
  struct SignIn: Hashable, Sendable {
    let issuer: String
    let person: String
    let request: SignInRequest
    let moment: Timestamp
  }

  static let lifetime = Duration.seconds(60)
  /// Beyond these the oldest are forgotten.
  static let most = 1_000

  private let given = Mutex<[String: SignIn]>([:])

  func give(_ signIn: SignIn) -> String {
    var random = SystemRandomNumberGenerator()
    let code = Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    given.withLock { given in
      given = given.filter { Self.isGood($0.value, at: signIn.moment) }
      if given.count >= Self.most,
        let oldest = given.min(by: { $0.value.moment < $1.value.moment })
      {
        given[oldest.key] = nil
      }
      given[code] = signIn
    }
    return code
  }

  /// What a code was given for; nil when it is unknown, used or too old. It is used up by asking.
  func redeem(_ code: String, at now: Timestamp) -> SignIn? {
    given.withLock { $0.removeValue(forKey: code) }
      .flatMap { Self.isGood($0, at: now) ? $0 : nil }
  }

  private static func isGood(_ signIn: SignIn, at now: Timestamp) -> Bool {
    now < signIn.moment + lifetime
  }
}
