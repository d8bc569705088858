internal import Domain
internal import MerkleLog
internal import ServiceKit
internal import TLS

/// A witness, asked by C2SP tlog-witness v1.
actor Witness {
  nonisolated let verifier: CosignatureVerifier
  private nonisolated let tenant: TenantID?
  private let url: HTTPSURL
  private let client: HTTPSClient

  /// What it has cosigned of each log, as far as it is known here: it corrects us where we err.
  private var sizes: [LogName: UInt64] = [:]
  private var failures = 0
  private var restsUntil = ContinuousClock.now

  /// A witness is on somebody's own machine, perhaps far away; a caller waits for the answer.
  private static let timeout = Duration.seconds(3)
  private static let longestRest = Duration.seconds(15)

  init(_ entry: WitnessEntry) throws(StartError) {
    do {
      verifier = try CosignatureVerifier(vkey: entry.key)
      client = try HTTPSClient(
        authorities: entry.authorities, timeout: Self.timeout, limit: 64 << 10)
    } catch let error as VerifierKeyError {
      throw .configuration("\(entry.place): `key` is \(error).")
    } catch {
      throw .configuration("\(entry.place): \(error).")
    }
    tenant = entry.tenant
    url = entry.url
  }

  /// Whether it may see a log.
  nonisolated func follows(_ log: LogName) -> Bool {
    guard let tenant else { return true }
    return log == .tenant(tenant)
  }

  /// Asks for a cosignature.
  ///
  /// - Parameter proof: from an older size of the log to the checkpoint's.
  func cosign(
    _ note: SignedNote, of log: LogName, proof: (UInt64) async throws -> [Hash]
  ) async throws -> Cosignature {
    guard ContinuousClock.now >= restsUntil else { throw WitnessFault.resting }
    // Once with the size that we know of, once with the one that it says; a third time where
    // somebody else came between.
    for _ in 0..<3 {
      let old = sizes[log] ?? 0
      let request = try AddCheckpoint(
        oldSize: old, proof: old == 0 ? [] : try await proof(old), note: note)
      let answer = try await post(request)
      let size = request.checkpoint.size
      switch answer.status {
      case 200:
        let cosignature = try read(answer, note)
        sizes[log] = max(size, sizes[log] ?? 0)
        return cosignature
      case 409:
        guard let last = Self.size(answer) else { throw WitnessFault.badAnswer }
        sizes[log] = last
        guard last <= size else { throw WitnessFault.ahead(size: last) }
      default: throw WitnessFault.refused(status: answer.status)
      }
    }
    throw WitnessFault.badAnswer
  }

  private func post(_ request: AddCheckpoint) async throws(WitnessFault) -> HTTPSClient.Answer {
    do throws(HTTPSFault) {
      let answer = try await client.post(
        Array(request.body.utf8), type: "text/plain; charset=utf-8", to: url)
      if answer.status < 500 { failures = 0 } else { rest() }
      return answer
    } catch {
      rest()
      throw .unreachable(error)
    }
  }

  /// Longer each time: 0.5 s, 1 s, 2 s, and so on.
  private func rest() {
    failures += 1
    let rest = min(Self.longestRest, .milliseconds(250) * (1 << min(failures, 10)))
    restsUntil = .now + rest
  }

  private func read(
    _ answer: HTTPSClient.Answer, _ note: SignedNote
  ) throws(WitnessFault) -> Cosignature {
    for line in NoteSignature.lines(answer.body) ?? [] {
      if let cosignature = Cosignature(line), verifier.isValid(cosignature, for: note.text) {
        return cosignature
      }
    }
    throw .badAnswer
  }

  private static func size(_ answer: HTTPSClient.Answer) -> UInt64? {
    guard answer.type == "text/x.tlog.size", answer.body.last == UInt8(ascii: "\n") else {
      return nil
    }
    let digits = String(decoding: answer.body.dropLast(), as: UTF8.self)
    return UInt64(digits).flatMap { String($0) == digits ? $0 : nil }
  }
}
