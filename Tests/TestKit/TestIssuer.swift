public import Domain
internal import FoundationEssentials
internal import JWTKit
internal import ProtobufC
public import StrictJSON

/// An identity provider of a test's own: it mints tokens, good ones and every kind of bad ones.
public struct TestIssuer: Sendable {
  /// A signing key and its entry in the JWKS.
  public struct Key: Sendable {
    public let id: String
    public let algorithm: String
    /// The members of its JWK.
    public let jwk: [String: Json]
    let signer: any JWTAlgorithm

    /// A signature over any bytes.
    public func sign(_ text: [UInt8]) -> [UInt8] {
      do { return try signer.sign(text) } catch { preconditionFailure("cannot sign: \(error)") }
    }

    public static func eddsa(_ id: String) async throws -> Key {
      let key = try EdDSA.PrivateKey()
      let x = Base64URL.encode(Array(key.publicKey.rawRepresentation))
      return Key(
        id: id, algorithm: "EdDSA",
        jwk: jwk(id, "EdDSA", ["kty": "OKP", "crv": "Ed25519", "x": x]),
        signer: try await JWTKeyCollection().add(eddsa: key).getKey())
    }

    public static func es256(_ id: String) async throws -> Key {
      let key = ES256PrivateKey()
      // Uncompressed point: 04, x, y.
      guard let parameters = key.parameters else { preconditionFailure("a key without a point") }
      func canonical(_ base64: String) -> String {
        Base64URL.encode(Array(Data(base64Encoded: padded(base64)) ?? Data()))
      }
      return Key(
        id: id, algorithm: "ES256",
        jwk: jwk(
          id, "ES256",
          [
            "kty": "EC", "crv": "P-256", "x": canonical(parameters.x),
            "y": canonical(parameters.y),
          ]),
        signer: try await JWTKeyCollection().add(ecdsa: key).getKey())
    }

    private static func padded(_ text: String) -> String {
      let plain = text.replacing("-", with: "+").replacing("_", with: "/")
      return plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
    }

    private static func jwk(
      _ id: String, _ algorithm: String, _ members: [String: String]
    ) -> [String: Json] {
      var jwk = members.mapValues { Json.string($0) }
      jwk["kid"] = .string(id)
      jwk["alg"] = .string(algorithm)
      jwk["use"] = .string("sig")
      return jwk
    }
  }

  public let url: String
  public let audience: String
  public var keys: [Key]

  public init(url: String, audience: String = "lockbox", keys: [Key]) {
    self.url = url
    self.audience = audience
    self.keys = keys
  }

  /// With one Ed25519 key, `k1`.
  public init(url: String, audience: String = "lockbox", keyID: String = "k1") async throws {
    self.init(url: url, audience: audience, keys: [try await .eddsa(keyID)])
  }

  /// The JWKS that its keys make.
  public var jwks: String {
    Json.object(["keys": .array(keys.map { .object($0.jwk) })]).text
  }

  /// The claims of a good token.
  public func claims(
    subject: String, roles: [String], groups: [String] = [], at now: Timestamp,
    lifetime: Duration = .seconds(3600)
  ) -> [String: Json] {
    [
      "iss": .string(url), "aud": .string(audience), "sub": .string(subject),
      "name": .string("\(subject) (test)"), "roles": .array(roles.map { .string($0) }),
      "groups": .array(groups.map { .string($0) }), "iat": .number("\(now.seconds)"),
      "exp": .number("\((now + lifetime).seconds)"),
    ]
  }

  /// A good token.
  public func token(
    subject: String, roles: [String], groups: [String] = [], at now: Timestamp,
    lifetime: Duration = .seconds(3600)
  ) -> String {
    token(
      claims: .object(
        claims(subject: subject, roles: roles, groups: groups, at: now, lifetime: lifetime)))
  }

  /// A token of any claims, with any members of the header replaced (by `nil`: left out).
  public func token(
    claims: Json, header changes: [String: Json?] = [:], key: Key? = nil
  ) -> String {
    let key = key ?? keys[0]
    var header: [String: Json] = [
      "alg": .string(key.algorithm), "kid": .string(key.id), "typ": .string("JWT"),
    ]
    for (name, value) in changes { header[name] = value }
    return token(rawHeader: Json.object(header).text, rawClaims: claims.text, key: key)
  }

  /// A token of any two texts, signed all the same.
  public func token(rawHeader: String, rawClaims: String, key: Key? = nil) -> String {
    let signed =
      Base64URL.encode(Array(rawHeader.utf8)) + "." + Base64URL.encode(Array(rawClaims.utf8))
    return signed + "." + Base64URL.encode((key ?? keys[0]).sign(Array(signed.utf8)))
  }
}
