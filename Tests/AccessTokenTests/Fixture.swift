internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import StandardProto

/// One approval in a log of five entries, and everything that signs for it.
struct Fixture {
  var issuer = "https://approvals.lockbox.test"
  var audience = "https://content.lockbox.test"
  var tokenKey = SigningKey.fixed(1)
  var logKey = SigningKey.fixed(2)
  var origin = "log.lockbox.test/acme"
  var treeSize: UInt64 = 5
  var index: UInt64 = 3
  /// What the log holds; the claims say the same unless a case changes them.
  var event: EventV1.Event
  var claims: AccessTokenClaims

  static let start = Timestamp(rfc3339: "2026-11-21T12:00:00.123456789Z")!
  /// A minute into the window.
  static let now = start + .minutes(1)

  init() {
    let grant = AccessTokenClaims.Grant(
      id: GrantID("019aa000-0000-7000-8000-000000000002")!,
      request: RequestID("019aa000-0000-7000-8000-000000000001")!,
      tenant: TenantID("acme")!,
      engineer: Subject(issuer: "https://provider.lockbox.test", id: "erin"),
      requestDigest: Digest([UInt8](repeating: 7, count: 32))!,
      scope: Scope(resources: ["mailboxes/alice@acme.test"], actions: [.read, .export]),
      start: Self.start, end: Self.start + .hours(4))
    event = EventV1.Event(
      feed: "approvals", sequence: 9, eventID: "019aa000-0000-7000-8000-000000000003",
      time: .init(Self.start), tenantID: "acme",
      requestID: grant.request.description,
      payload: .accessRequestApproved(.init(grant: CommonV1.Grant(grant))))
    claims = AccessTokenClaims(
      issuer: issuer, audience: audience,
      tokenID: TokenID("019aa000-0000-7000-8000-000000000004")!, issueTime: Self.start,
      expireTime: Self.start + .minutes(10), grant: grant, receipt: .init())
  }

  var signer: AccessTokenSigner { AccessTokenSigner(key: tokenKey, keyID: "k1") }

  var verifier: AccessTokenVerifier {
    AccessTokenVerifier(
      keys: PublicKeySet(["k1": SigningKey.fixed(1).publicKey]),
      issuer: "https://approvals.lockbox.test", audience: "https://content.lockbox.test",
      logs: [
        TenantID("acme")!: NoteVerifier(
          name: KeyName("log.lockbox.test/acme")!, key: SigningKey.fixed(2).publicKey)
      ])
  }

  /// The receipt for `event` at `index` of a tree of `treeSize` entries.
  func receipt() throws -> CommonV1.Receipt {
    let entry = try event.serialized()
    var tree = CompactTree()
    var nodes: [TreeNode: Hash] = [:]
    for position in 0..<treeSize {
      let leaf = position == index ? entry : Array("entry \(position)".utf8)
      tree.append(Hash.leaf(leaf)) { nodes[$0] = $1 }
    }
    let proof = InclusionProof.make(index: index, size: treeSize) { nodes[$0]! }
    let name = KeyName(origin)!
    let note = try Checkpoint(origin: name, size: treeSize, root: tree.root)
      .signed(by: [NoteSigner(name: name, key: logKey)])
    return CommonV1.Receipt(
      origin: origin, index: index, entry: entry, inclusionProof: proof.map(\.bytes),
      checkpoint: note.serialized)
  }

  func claimsWithReceipt() throws -> AccessTokenClaims {
    var claims = claims
    claims.receipt = try receipt()
    return claims
  }

  func token() throws -> String { signer.sign(try claimsWithReceipt()) }
}

extension SigningKey {
  /// The key of a seed of equal bytes.
  static func fixed(_ byte: UInt8) -> SigningKey {
    SigningKey(seed: [UInt8](repeating: byte, count: 32))!
  }
}

extension GoogleProtobuf.Timestamp {
  init(_ moment: Timestamp) { self.init(seconds: moment.seconds, nanos: moment.nanos) }
}

extension CommonV1.Grant {
  init(_ grant: AccessTokenClaims.Grant) {
    self.init(
      grantID: grant.id.description, requestID: grant.request.description,
      tenantID: grant.tenant.text,
      engineer: .init(
        issuer: grant.engineer.issuer, id: grant.engineer.id, displayName: "Erin Example"),
      scope: .init(
        resources: grant.scope.resources,
        actions: grant.scope.actions.map { CommonV1.Action(rawValue: $0.rawValue) }),
      startTime: .init(grant.start), endTime: .init(grant.end),
      requestDigest: grant.requestDigest.bytes, policyVersion: 1,
      breakGlass: grant.isBreakGlass)
  }
}
