internal import Domain
internal import FoundationEssentials
internal import LockboxProto
internal import ProtobufC
internal import StrictJSON

/// A claim that is missing or malformed.
struct ClaimError: Error, Hashable {
  /// Dotted path: `lockbox.request_id`.
  let claim: String
}

extension ClaimsJSON {
  init(_ claims: AccessTokenClaims) {
    iss = claims.issuer
    sub = claims.grant.engineer.id
    aud = claims.audience
    jti = claims.tokenID.description
    iat = claims.issueTime.seconds
    nbf = claims.issueTime.seconds
    exp = claims.expireTime.seconds
    cnf = claims.confirmation.map { ConfirmationJSON($0) }
    lockbox = GrantJSON(claims.grant)
    receipt = ReceiptJSON(claims.receipt)
  }

  static func parse(_ payload: [UInt8]) throws(ClaimError) -> ClaimsJSON {
    // Foundation takes a claim that stands twice, and 1.6e9 for a whole number.
    guard let json = try? JsonParser.parse(payload) else { throw ClaimError(claim: "") }
    for time in ["iat", "nbf", "exp"] where json[time] != nil && json[time]?.integer == nil {
      throw ClaimError(claim: time)
    }
    do {
      return try JSONDecoder().decode(ClaimsJSON.self, from: Data(payload))
    } catch Swift.DecodingError.keyNotFound(let key, let context) {
      throw ClaimError(claim: path(context.codingPath + [key]))
    } catch Swift.DecodingError.typeMismatch(_, let context) {
      throw ClaimError(claim: path(context.codingPath))
    } catch Swift.DecodingError.valueNotFound(_, let context) {
      throw ClaimError(claim: path(context.codingPath))
    } catch {
      throw ClaimError(claim: "")
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map(\.stringValue).joined(separator: ".")
  }

  func claims() throws(ClaimError) -> AccessTokenClaims {
    // A time that is negative was never written by us.
    guard iat >= 0, nbf >= 0 else { throw ClaimError(claim: "iat") }
    return AccessTokenClaims(
      issuer: iss, audience: aud, tokenID: try need(TokenID(jti), "jti"),
      issueTime: try need(Timestamp(seconds: max(iat, nbf), nanos: 0), "iat"),
      expireTime: try need(Timestamp(seconds: exp, nanos: 0), "exp"),
      grant: try lockbox.grant(engineer: sub), confirmation: try cnf?.confirmation(),
      receipt: try receipt.receipt())
  }
}

extension ConfirmationJSON {
  init(_ confirmation: Confirmation) {
    switch confirmation {
    case .certificate(let sha256): certificate = Base64URL.encode(sha256)
    case .key(let thumbprint): key = Base64URL.encode(thumbprint)
    }
  }

  /// A confirmation of a kind that is not known here must not be taken for none.
  func confirmation() throws(ClaimError) -> Confirmation {
    switch (certificate, key) {
    case (let text?, nil):
      .certificate(sha256: try need(Self.hash(text), "cnf.x5t#S256"))
    case (nil, let text?): .key(thumbprint: try need(Self.hash(text), "cnf.jkt"))
    case (nil, nil), (_?, _?): throw ClaimError(claim: "cnf")
    }
  }

  private static func hash(_ text: String) -> [UInt8]? {
    Base64URL.decode(text.utf8).flatMap { $0.count == 32 ? $0 : nil }
  }
}

extension GrantJSON {
  init(_ grant: AccessTokenClaims.Grant) {
    tenant = grant.tenant.text
    requestID = grant.request.description
    grantID = grant.id.description
    requestDigest = grant.requestDigest.description
    engineerIssuer = grant.engineer.issuer
    resources = grant.scope.resources
    actions = grant.scope.actions.map(\.word)
    start = grant.start.description
    end = grant.end.description
    breakGlass = grant.isBreakGlass ? true : nil
  }

  func grant(engineer: String) throws(ClaimError) -> AccessTokenClaims.Grant {
    var actions: [Action] = []
    for word in self.actions {
      actions.append(
        try need(Action.allCases.first { $0.word == word }, "lockbox.actions"))
    }
    return AccessTokenClaims.Grant(
      id: try need(GrantID(grantID), "lockbox.grant_id"),
      request: try need(RequestID(requestID), "lockbox.request_id"),
      tenant: try need(TenantID(tenant), "lockbox.tenant"),
      engineer: Subject(issuer: engineerIssuer, id: engineer),
      requestDigest: try need(Digest(hex: requestDigest), "lockbox.request_digest"),
      scope: Scope(resources: resources, actions: actions),
      start: try need(Timestamp(rfc3339: start), "lockbox.start"),
      end: try need(Timestamp(rfc3339: end), "lockbox.end"), isBreakGlass: breakGlass ?? false)
  }
}

extension ReceiptJSON {
  init(_ receipt: CommonV1.Receipt) {
    origin = receipt.origin
    index = receipt.index
    entry = Base64.encode(receipt.entry)
    proof = receipt.inclusionProof.map { Base64.encode($0) }
    checkpoint = receipt.checkpoint
  }

  func receipt() throws(ClaimError) -> CommonV1.Receipt {
    var hashes: [[UInt8]] = []
    for hash in proof { hashes.append(try need(Base64.decode(hash), "receipt.proof")) }
    return CommonV1.Receipt(
      origin: origin, index: index, entry: try need(Base64.decode(entry), "receipt.entry"),
      inclusionProof: hashes, checkpoint: checkpoint)
  }
}

private func need<Value>(_ value: Value?, _ claim: String) throws(ClaimError) -> Value {
  guard let value else { throw ClaimError(claim: claim) }
  return value
}

extension Action {
  /// As tokens and people write it.
  var word: String {
    switch self {
    case .read: "read"
    case .write: "write"
    case .delete: "delete"
    case .export: "export"
    case .execute: "execute"
    }
  }
}

extension Digest {
  /// Reads 64 lower-case hexadecimal digits.
  init?(hex: String) {
    self.init(hexadecimal: hex)
    guard description == hex else { return nil }
  }
}
