internal import Domain
internal import MerkleLog
internal import RPC
internal import ServiceKit
internal import TestKit

@testable internal import Audit

/// The audit service's inner parts around a store.
struct TestService: Sendable {
  static let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))!
  static let origins = Origins(prefix: "log.example/lockbox")!

  let store: any AuditStore
  let arrivals = Arrivals()
  let signed: SignedLogs
  let unsigned = UnsignedLogs([])
  let checkpoints: CosignedCheckpoints

  /// - Parameter kept: where cosignatures are kept; needed where there are witnesses.
  init(
    _ store: any AuditStore, witnesses: [Witness] = [], kept: CosignatureStore? = nil,
    log: LogCapture = LogCapture()
  ) {
    self.store = store
    signed = SignedLogs(store: store, origins: Self.origins, key: Self.key)
    checkpoints = CosignedCheckpoints(
      store: store, signed: signed, witnesses: witnesses, kept: kept, logger: log.logger())
  }

  var ingest: Ingest { Ingest(store: store, arrivals: arrivals, unsigned: unsigned) }
  var receipts: Receipts { Receipts(store: store, arrivals: arrivals, checkpoints: checkpoints) }
  var check: LogCheck { LogCheck(store: store, origins: Self.origins, key: Self.key) }
  var entries: EntryHandlers { EntryHandlers(store: store, arrivals: arrivals) }
  var statistics: StatisticsHandler { StatisticsHandler(store: store) }
  var proofs: ProofHandlers {
    ProofHandlers(
      store: store, origins: Self.origins, signed: signed, checkpoints: checkpoints,
      receipts: receipts)
  }

  /// Who trusts this service's key for a log.
  static func verifier(_ log: LogName) -> NoteVerifier {
    NoteVerifier(name: origins.origin(of: log), key: key.publicKey)
  }

  /// What a customer does with a signed checkpoint.
  static func verified(_ note: String, of log: LogName) throws -> Checkpoint {
    try Checkpoint(
      verifying: note, origin: origins.origin(of: log), verifiers: [verifier(log)])
  }
}

extension Caller {
  /// Somebody of a tenant, or of the provider for nil, at a method of the log.
  static func reader(of tenant: TenantID?) -> Caller {
    let person = VerifiedPerson(
      subject: Subject(issuer: "https://issuer.example", id: "somebody"),
      affiliation: tenant.map { .tenant($0) } ?? .provider,
      roles: [tenant == nil ? .operator : .auditor], groups: [], expiry: .distantFuture)
    return Caller(principal: .person(person), roles: person.roles, tenants: .log)
  }

  static let acme = reader(of: TenantID("acme"))
  static let provider = reader(of: nil)
}
