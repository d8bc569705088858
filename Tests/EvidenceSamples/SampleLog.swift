public import Domain
internal import DomainProto
public import LockboxProto
public import MerkleLog
internal import ProtobufC
internal import StandardProto
public import Verification

/// A tenant's log that grows event by event, with everything that its service can prove of it.
public struct SampleLog: Sendable {
  public static let tenant = "acme"
  public static let origin = "log.lockbox.test/acme"
  public static let start = Timestamp(rfc3339: "2026-10-01T00:00:00Z")!

  /// The leaves.
  public private(set) var entries: [[UInt8]] = []
  /// The clock of the approvals service.
  public private(set) var now = SampleLog.start
  /// What each grant's evidence consists of, but for its receipt.
  public var grants: [SampleGrant] = []

  private let key: SigningKey
  private var nodes: [TreeNode: Hash] = [:]
  private var tree = CompactTree()
  private var roots = [Hash.emptyRoot]
  private var sequences: [String: UInt64] = [:]
  private var ids: UInt64 = 0

  /// - Parameter key: of the log; nil: the one that everybody trusts.
  public init(key: SigningKey? = nil) { self.key = key ?? Self.key }

  public static let key = SigningKey(seed: [UInt8](repeating: 2, count: 32))!

  public static var verifier: NoteVerifier {
    NoteVerifier(name: KeyName(origin)!, key: key.publicKey)
  }

  public var size: UInt64 { tree.size }

  public mutating func wait(_ duration: Duration) { now = now + duration }

  /// A new UUIDv7.
  public mutating func newID() -> String {
    ids += 1
    let digits = String(ids, radix: 16)
    return "019aa000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// - Parameter request: the request's id; empty for none.
  /// - Returns: the entry's index.
  @discardableResult
  public mutating func append(
    _ payload: EventV1.Event.Payload, request: String = "", feed: String = "approvals",
    by actor: String = "", role: String = "system"
  ) -> UInt64 {
    sequences[feed, default: 0] += 3
    let event = EventV1.Event(
      feed: feed, sequence: sequences[feed] ?? 0, eventID: newID(), time: .init(now),
      tenantID: Self.tenant, requestID: request,
      actor: .init(subject: actor.isEmpty ? nil : Self.subject(actor), role: role),
      payload: payload)
    do { return append(try event.serialized()) } catch { fatalError("\(error)") }
  }

  /// Any bytes as a leaf.
  @discardableResult
  public mutating func append(_ bytes: [UInt8]) -> UInt64 {
    tree.append(Hash.leaf(bytes)) { nodes[$0] = $1 }
    roots.append(tree.root)
    entries.append(bytes)
    return size - 1
  }

  public static func subject(_ id: String) -> CommonV1.Subject {
    .init(issuer: "https://id.test", id: id, displayName: id.uppercased())
  }

  // MARK: - What the service proves

  public func root(at size: UInt64) -> Hash { roots[Int(size)] }

  public func checkpoint(at size: UInt64? = nil) -> String {
    let name = KeyName(Self.origin)!
    let size = size ?? self.size
    do {
      return try Checkpoint(origin: name, size: size, root: root(at: size))
        .signed(by: [NoteSigner(name: name, key: key)]).serialized
    } catch { fatalError("\(error)") }
  }

  public func inclusion(_ index: UInt64, at size: UInt64) -> [Hash] {
    InclusionProof.make(index: index, size: size) { nodes[$0]! }
  }

  public func consistency(from old: UInt64, to new: UInt64) -> [Hash] {
    ConsistencyProof.make(old: old, new: new) { nodes[$0]! }
  }

  public func evidence(of grant: SampleGrant) -> ApprovalsV1.GrantEvidence {
    var evidence = grant.evidence
    evidence.receipt = .init(
      origin: Self.origin, index: grant.entry, entry: entries[Int(grant.entry)],
      inclusionProof: inclusion(grant.entry, at: size).map(\.bytes), checkpoint: checkpoint())
    return evidence
  }

  /// The evidence of a period, from one entry to before another, as the log can prove it.
  public func evidence(
    of period: Range<Timestamp>, from first: UInt64 = 0, to end: UInt64? = nil,
    kept: UInt64? = nil
  ) -> PeriodEvidence {
    let end = end ?? size
    let edge = first == 0 ? [] : Array(inclusion(first, at: first + 1).reversed())
    var range = ProvenRange(firstIndex: first, edge: edge)!
    for index in first..<end { range.append(entries[Int(index)]) }
    return PeriodEvidence(
      tenantID: Self.tenant, logKey: Self.verifier, period: period, firstIndex: first,
      entries: range.entries, root: range.root, consistency: consistency(from: end, to: size),
      checkpoint: checkpoint(),
      kept: kept.map {
        .init(checkpoint: checkpoint(at: $0), consistency: consistency(from: $0, to: size))
      },
      grants: grants.filter { (first..<end).contains($0.entry) }.map(evidence))
  }
}
