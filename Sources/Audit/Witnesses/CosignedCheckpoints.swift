internal import Domain
internal import Logging
internal import MerkleLog
internal import RPC
internal import ServiceKit

/// Signed checkpoints with the cosignatures that they have, or must have.
struct CosignedCheckpoints: Sendable {
  let store: any AuditStore
  let signed: SignedLogs
  let witnesses: [Witness]
  /// Nil where there is no witness.
  let kept: CosignatureStore?
  let logger: Logger

  /// The newest checkpoint of a log, with whatever cosignatures are known of it.
  func newest(of log: LogName) async throws -> String {
    let checkpoint = try await signed.newest(of: log)
    guard let kept, let note = try await kept.note(of: log, size: checkpoint.size) else {
      return checkpoint.note
    }
    return try SignedNote(parsing: checkpoint.note).adding(note.signatures).serialized
  }

  /// A checkpoint of at least a size that the demanded witnesses have cosigned.
  ///
  /// - Parameter demand: nil: the log's own signature is enough.
  /// - Throws: `COSIGNATURES_MISSING`, naming each witness and why; what signing throws.
  func checkpoint(
    of log: LogName, covering size: UInt64, cosigned demand: CosignatureDemand?
  ) async throws -> LogCheckpoint {
    guard let demand else { return try await signed.checkpoint(of: log, covering: size) }
    for note in try await kept?.notes(of: log, covering: size) ?? []
    where demand.met(by: note).count >= demand.count {
      return try LogCheckpoint(log: log, note)
    }
    var faults: [CosignatureVerifier: WitnessFault] = [:]
    // A witness that is ahead has seen a checkpoint that was signed since: asked again with that.
    for _ in 0..<2 {
      let newest = try SignedNote(parsing: try await self.newest(of: log))
      let (note, found) = await gather(newest, log, demand.witnesses)
      faults = found
      if demand.met(by: note).count >= demand.count {
        return try LogCheckpoint(log: log, note)
      }
      guard found.values.contains(where: \.isAhead) else { break }
    }
    throw Self.missing(demand, faults)
  }

  /// Asks the witnesses of logs that have grown, so that they see all of them grow. Failures are
  /// logged: a receipt that needs a witness asks again.
  func offer(_ logs: Set<LogName>) async {
    for log in logs {
      let followers = witnesses.filter { $0.follows(log) }.map(\.verifier)
      guard !followers.isEmpty else { continue }
      do {
        let newest = try SignedNote(parsing: try await self.newest(of: log))
        _ = await gather(newest, log, followers)
      } catch {
        logger.log(.warning, "a log could not be offered to its witnesses", .error(error))
      }
    }
  }

  /// - Returns: the note with all that came, and why others did not.
  private func gather(
    _ note: SignedNote, _ log: LogName, _ wanted: [CosignatureVerifier]
  ) async -> (SignedNote, [CosignatureVerifier: WitnessFault]) {
    var note = note
    let missing = wanted.filter { (try? note.cosignatures(by: [$0]))?.isEmpty != false }
    let unsigned = note
    let answers = await withTaskGroup { group in
      for verifier in missing {
        group.addTask { (verifier, await ask(verifier, unsigned, log)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var faults: [CosignatureVerifier: WitnessFault] = [:]
    var came: [NoteSignature] = []
    for (verifier, answer) in answers {
      switch answer {
      case .success(let cosignature): came.append(cosignature.line)
      case .failure(let fault): faults[verifier] = fault
      }
    }
    if !came.isEmpty {
      do {
        note = try note.adding(came)
        if let kept { note = try await kept.save(note, of: log) }
      } catch {
        logger.log(.error, "cosignatures could not be kept", .error(error))
      }
    }
    return (note, faults)
  }

  private func ask(
    _ verifier: CosignatureVerifier, _ note: SignedNote, _ log: LogName
  ) async -> Result<Cosignature, WitnessFault> {
    guard let witness = witnesses.first(where: { $0.verifier == verifier && $0.follows(log) })
    else { return .failure(.unknown) }
    do {
      let size = try Checkpoint(parsing: note.text).size
      return .success(
        try await witness.cosign(note, of: log) { old in
          guard old <= size else { throw WitnessFault.ahead(size: old) }
          return try await store.read(log) { reader in
            try ConsistencyProof.make(old: old, new: size, nodes: reader.hash(of:))
          }
        })
    } catch {
      let fault = error as? WitnessFault ?? .badAnswer
      await tell(fault, of: verifier, log, error)
      return .failure(fault)
    }
  }

  private func tell(
    _ fault: WitnessFault, of witness: CosignatureVerifier, _ log: LogName, _ error: any Error
  ) async {
    switch fault {
    case .resting, .unknown: return
    case .ahead(let size):
      guard let own = try? await store.read(log, { try $0.size() }), size > own else { return }
      logger.log(
        .critical, "a witness has cosigned more of a log than there is", .reason("LOG_ROLLED_BACK"),
        .log(witness.name.rawValue), .count("size", own), .count("witnessed_size", size))
    case .unreachable, .refused, .badAnswer:
      logger.log(
        .warning, "a witness has not cosigned", .log(witness.name.rawValue), .error(error))
    }
  }

  private static func missing(
    _ demand: CosignatureDemand, _ faults: [CosignatureVerifier: WitnessFault]
  ) -> RPCError {
    let got = demand.witnesses.count - faults.count
    let reasons = demand.witnesses.compactMap { witness in
      faults[witness].map { "\(witness.name): \($0.word)" }
    }
    return .unavailable(
      """
      the checkpoint has \(got) of the \(demand.count) cosignatures that the tenant demands \
      (\(reasons.joined(separator: "; ")))
      """, reason: "COSIGNATURES_MISSING")
  }
}

extension WitnessFault {
  fileprivate var isAhead: Bool {
    switch self {
    case .ahead: true
    case .resting, .unreachable, .refused, .badAnswer, .unknown: false
    }
  }
}

extension LogCheckpoint {
  fileprivate init(log: LogName, _ note: SignedNote) throws {
    self.init(
      log: log, size: try Checkpoint(parsing: note.text).size, note: note.serialized)
  }
}
