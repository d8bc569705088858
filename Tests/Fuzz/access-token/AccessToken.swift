internal import AccessToken
internal import Domain
internal import FuzzSupport
internal import MerkleLog

/// Lockbox's own access tokens, as whoever enforces them checks them offline. The first byte says
/// whether the rest is a token or a payload that the right key signs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  switch input.byte() % 2 {
  case 0:
    let verdict = verifier.verify(String(decoding: input.all(), as: UTF8.self), at: now)
    require(!verdict.holds && verdict.claims == nil, "a token that nobody signed is read")
  default:
    let token = CompactJWS.sign(
      input.all(), type: AccessTokenClaims.type, keyID: signer.keyID, key: key)
    let verdict = verifier.verify(token, at: now)
    // The key may sign anything; without a checkpoint that the tenant's log signed nothing holds.
    require(!verdict.holds, "a token without a proof holds")
    require(
      AccessTokenVerifier.unverifiedClaims(token) == verdict.claims,
      "what a token says depends on who looks")
    if let claims = verdict.claims { check(claims) }
  }
  return 0
}

/// What was read is written and read again.
private func check(_ claims: AccessTokenClaims) {
  let again = verifier.verify(signer.sign(claims), at: now)
  require(again.claims == claims, "\(claims) comes back as \(String(describing: again.claims))")
}

private let now = Timestamp(seconds: 1_795_262_400, nanos: 0)!
private let key = SigningKey(seed: [UInt8](repeating: 3, count: 32))!
private let signer = AccessTokenSigner(key: key)
private let verifier = AccessTokenVerifier(
  keys: signer.publicKeys, issuer: "https://approvals.example", audience: "gate", logs: [:])
