internal import Files
internal import StrictJSON

/// Why a JWKS is not taken; completes "the key set … is not taken: ".
struct KeySetFault: Error, Hashable, Sendable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// The keys of one issuer, by id.
struct KeySet: Sendable {
  let keys: [String: VerificationKey]
  /// Of the bytes that it was read from: equal sets have equal ones.
  let digest: [UInt8]

  /// Before anything was read.
  static let none = KeySet()

  private init() {
    keys = [:]
    digest = []
  }

  /// The key of an id, or, without an id, the only one there is.
  func key(_ id: String?) -> VerificationKey? {
    guard let id else { return keys.count == 1 ? keys.values.first : nil }
    return keys[id]
  }

  private static let largestFile = 256 << 10
  private static let mostKeys = 64

  /// Reads a JWKS (RFC 7517 §5) whole, or not at all.
  static func load(_ path: String, environment: Environment) async throws(KeySetFault) -> KeySet {
    let bytes: [UInt8]
    do {
      bytes = try File.read(path, limit: largestFile)
    } catch {
      throw KeySetFault("it cannot be read (\(error.reason))")
    }
    return try await KeySet(bytes, environment: environment)
  }

  init(_ bytes: [UInt8], environment: Environment) async throws(KeySetFault) {
    let json: Json
    do {
      json = try JsonParser.parse(bytes)
    } catch {
      throw KeySetFault("it is not valid JSON (\(error))")
    }
    guard let items = json["keys"]?.array, items.count <= Self.mostKeys else {
      throw KeySetFault("it must be an object with at most \(Self.mostKeys) `keys`")
    }
    var keys: [String: VerificationKey] = [:]
    for item in items {
      guard let key = try await VerificationKey(item) else { continue }
      if environment == .production && key.id.hasPrefix(Issuer.developmentKeyPrefix) {
        throw KeySetFault(
          "the key `\(key.id)` is for development, and `environment` is `production`")
      }
      guard keys.updateValue(key, forKey: key.id) == nil else {
        throw KeySetFault("the key id `\(key.id)` stands twice")
      }
    }
    guard !keys.isEmpty else {
      throw KeySetFault("it holds no key for EdDSA, ES256 or RS256 signatures")
    }
    self.keys = keys
    digest = Sha256.digest(bytes)
  }
}
