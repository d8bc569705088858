/// The token's payload as JSON.
struct ClaimsJSON: Codable {
  var iss: String
  var sub: String
  var aud: String
  var jti: String
  /// Seconds since the epoch (RFC 7519 §2, NumericDate), whole.
  var iat: Int64
  var nbf: Int64
  var exp: Int64
  var cnf: ConfirmationJSON?
  var lockbox: GrantJSON
  var receipt: ReceiptJSON
}

/// RFC 7800. One of the two.
struct ConfirmationJSON: Codable {
  var certificate: String?
  var key: String?

  enum CodingKeys: String, CodingKey {
    case certificate = "x5t#S256"
    case key = "jkt"
  }
}

struct GrantJSON: Codable {
  var tenant: String
  var requestID: String
  var grantID: String
  /// Lower-case hexadecimal.
  var requestDigest: String
  var engineerIssuer: String
  var resources: [String]
  /// `read`, `write`, `delete`, `export`, `execute`.
  var actions: [String]
  /// RFC 3339, UTC.
  var start: String
  var end: String
  /// Only where it is true.
  var breakGlass: Bool?

  enum CodingKeys: String, CodingKey {
    case tenant
    case requestID = "request_id"
    case grantID = "grant_id"
    case requestDigest = "request_digest"
    case engineerIssuer = "engineer_issuer"
    case resources, actions, start, end
    case breakGlass = "break_glass"
  }
}

struct ReceiptJSON: Codable {
  var origin: String
  var index: UInt64
  /// Base64 of the event's bytes as logged.
  var entry: String
  /// Base64 of 32 bytes each, leaf to root.
  var proof: [String]
  /// C2SP signed-note.
  var checkpoint: String
}
