public import Domain
internal import DomainProto
public import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import StandardProto
public import Verification

/// A sample log behind its API, and the ways in which it may lie.
public struct SampleSource: LogSource {
  public var log: SampleLog
  /// Signs and proves another log than it shows.
  public var shown: SampleLog?
  /// Flips a bit in each proof.
  public var spoilsProofs = false
  /// Hashes of another length.
  public var cutsProofs = false

  public init(_ log: SampleLog) { self.log = log }

  public func checkpoint() async throws -> String { log.checkpoint() }

  public func firstIndex(from moment: Timestamp) async throws -> UInt64? {
    try (shown ?? log).entries.firstIndex { bytes in
      let event = try EventV1.Event(serialized: bytes, limits: .response)
      return Timestamp(event.time).map { $0 >= moment } ?? false
    }.map(UInt64.init)
  }

  public func entries(
    from start: UInt64, _ take: ([AuditV1.Entry]) throws -> Bool
  ) async throws {
    let all = (shown ?? log).entries.enumerated().dropFirst(Int(start))
    var rest = all.map { AuditV1.Entry(index: UInt64($0.offset), event: $0.element) }[...]
    // A few at a time, as a service does.
    while !rest.isEmpty, try take(Array(rest.prefix(3))) { rest = rest.dropFirst(3) }
  }

  public func inclusion(of index: UInt64, size: UInt64) async throws -> [[UInt8]] {
    spoiled(log.inclusion(index, at: size))
  }

  public func consistency(from old: UInt64, to new: UInt64) async throws -> [[UInt8]] {
    spoiled(log.consistency(from: old, to: new))
  }

  public func evidence(ofGrant id: String) async throws -> ApprovalsV1.GrantEvidence {
    log.grants.map { log.evidence(of: $0) }.first { $0.grant?.grantID == id } ?? .init()
  }

  private func spoiled(_ proof: [Hash]) -> [[UInt8]] {
    var bytes = proof.map(\.bytes)
    if spoilsProofs, !bytes.isEmpty { bytes[0][0] ^= 1 }
    if cutsProofs, !bytes.isEmpty { bytes[0].removeLast() }
    return bytes
  }
}
