internal import Logging
internal import MerkleLog
internal import ServiceKit
internal import Web

/// `add-checkpoint` and the checkpoints for monitors (C2SP tlog-witness v1). Anybody may call: what
/// counts is who signed.
struct WitnessHandlers: Sendable {
  private let judge: WitnessJudge
  private let store: WitnessStore
  private let signer: CosignatureSigner
  private let logger: Logger
  private let origins: [String: KeyName]

  init(
    _ judge: WitnessJudge, _ store: WitnessStore, _ signer: CosignatureSigner, _ logger: Logger
  ) {
    self.judge = judge
    self.store = store
    self.signer = signer
    self.logger = logger
    origins = Dictionary(
      uniqueKeysWithValues: judge.origins.map { ($0.hash, $0) })
  }

  var routes: WebRoutes {
    var routes = WebRoutes()
    routes.add(.post, "/add-checkpoint", name: "witness/AddCheckpoint", callers: .anybody) {
      try await add($0.body)
    }
    routes.add(.get, "/:origin/checkpoint", name: "witness/GetCheckpoint", callers: .anybody) {
      guard let origin = origins[$0.parameters["origin"] ?? ""],
        let note = try await store.note(of: origin)
      else { throw WebError.notFound }
      return .text(note)
    }
    return routes
  }

  func add(_ body: [UInt8]) async throws -> WebResponse {
    do {
      let request = try parse(body)
      let (origin, note) = try judge.authenticate(request)
      do {
        let cosignature = try await store.cosign(request, of: origin, signedBy: note, signer)
        logger.log(
          .info, "cosigned", .log(origin.rawValue), .count("size", request.checkpoint.size))
        return .text(cosignature.line.line + "\n")
      } catch WitnessRefusal.inconsistent(let error) {
        try await report(request, origin)
        throw WitnessRefusal.inconsistent(error)
      }
    } catch WitnessRefusal.otherSize(let size) {
      return WebResponse(409, type: "text/x.tlog.size", body: Array("\(size)\n".utf8))
    } catch let refusal as WitnessRefusal {
      throw refusal.error
    }
  }

  private func parse(_ body: [UInt8]) throws(WitnessRefusal) -> AddCheckpoint {
    do {
      return try AddCheckpoint(parsing: body)
    } catch {
      throw .malformed(error)
    }
  }

  private func report(_ request: AddCheckpoint, _ origin: KeyName) async throws {
    let isFork = try await store.keepFork(request, of: origin)
    logger.log(
      isFork ? .critical : .warning, "a signed checkpoint does not go on from the last one",
      .reason(isFork ? "LOG_FORKED" : "PROOF_REFUSED"), .log(origin.rawValue),
      .count("size", request.checkpoint.size))
  }
}

extension WitnessRefusal {
  fileprivate var error: WebError {
    switch self {
    case .malformed(let error): WebError(400, "MALFORMED_REQUEST", "\(error)")
    case .unknownLog: WebError(404, "UNKNOWN_LOG", "this witness does not follow the log")
    case .notSigned: WebError(403, "NOT_SIGNED", "no key of the log has signed the checkpoint")
    case .oldSizeBeyondCheckpoint:
      WebError(400, "OLD_SIZE_TOO_LARGE", "the old size is beyond the checkpoint's")
    case .otherSize(let size): WebError(409, "OTHER_SIZE", "the last size is \(size)")
    case .inconsistent(let error):
      WebError(422, "INCONSISTENT", "the checkpoint does not go on from the last one: \(error)")
    }
  }
}

extension KeyName {
  /// Of an origin, for its address at a witness: SHA-256 in lower-case hexadecimal.
  var hash: String {
    Sha256.digest(Array(rawValue.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
