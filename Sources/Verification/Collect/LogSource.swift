public import Domain
public import LockboxProto
public import MerkleLog

/// Where one log's entries and proofs are asked for: the API, with the rights of whoever asks. None of
/// its answers is trusted.
public protocol LogSource: Sendable {
  /// The newest signed one, verbatim.
  func checkpoint() async throws -> String
  /// Of the first entry from a moment on; nil where there is none.
  func firstIndex(from moment: Timestamp) async throws -> UInt64?
  /// Gives the entries from an index on, some at a time, until there is no more or `take` has enough.
  ///
  /// - Parameter take: whether it wants more.
  func entries(
    from start: UInt64, _ take: ([AuditV1.Entry]) throws -> Bool
  ) async throws
  /// As answered: 32 bytes each, or not.
  func inclusion(of index: UInt64, size: UInt64) async throws -> [[UInt8]]
  /// As answered: 32 bytes each, or not.
  func consistency(from old: UInt64, to new: UInt64) async throws -> [[UInt8]]
  func evidence(ofGrant id: String) async throws -> ApprovalsV1.GrantEvidence
}

/// What a log answers does not hold.
public struct LogFault: Error, Hashable, Sendable {
  /// One sentence, ready for people.
  public let sentence: String
  public let details: [String]

  public init(_ sentence: String, details: [String] = []) {
    self.sentence = sentence
    self.details = details
  }
}

extension LogSource {
  /// The proof that an entry stands in the tree of a size.
  public func inclusionProof(of index: UInt64, size: UInt64) async throws -> [Hash] {
    try hashes(try await inclusion(of: index, size: size))
  }

  /// The proof that the tree of one size begins with that of another; none is asked for where none
  /// is needed.
  public func consistencyProof(from old: UInt64, to new: UInt64) async throws -> [Hash] {
    guard old > 0, old < new else { return [] }
    return try hashes(try await consistency(from: old, to: new))
  }

  private func hashes(_ bytes: [[UInt8]]) throws(LogFault) -> [Hash] {
    let hashes = bytes.compactMap { Hash($0) }
    guard hashes.count == bytes.count else {
      throw LogFault("The service answers a proof whose hashes are not 32 bytes long.")
    }
    return hashes
  }
}
