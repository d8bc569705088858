internal import LockboxProto
internal import MerkleLog

extension Session {
  /// The proof that the tree of one size begins with that of another; none is asked for where none
  /// is needed.
  func consistency(
    of log: LogOption, from old: UInt64, to new: UInt64
  ) async throws(Failure) -> [Hash] {
    guard old > 0, old < new else { return [] }
    let response = try await call(
      AuditV1.AuditService.getConsistencyProof,
      .init(tenantID: log.id, oldSize: old, newSize: new), at: .audit)
    return try Self.hashes(response.hashes)
  }

  static func hashes(_ bytes: [[UInt8]]) throws(Failure) -> [Hash] {
    let hashes = bytes.compactMap { Hash($0) }
    guard hashes.count == bytes.count else {
      throw Failure(.refused, "The service answers a proof whose hashes are not 32 bytes long.")
    }
    return hashes
  }
}
