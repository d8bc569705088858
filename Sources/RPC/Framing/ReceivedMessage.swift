/// A message as it came. One that is compressed stays so until its reader takes it: what waits takes
/// no more memory than its window allowed.
struct ReceivedMessage: Sendable {
  let bytes: [UInt8]
  let isCompressed: Bool

  /// The message itself.
  ///
  /// - Parameter limit: the most bytes that it may have.
  func content(limit: Int) throws(RPCError) -> [UInt8] {
    guard isCompressed else { return bytes }
    do throws(Gzip.Failure) {
      return try Gzip.inflate(bytes, limit: limit)
    } catch {
      switch error {
      case .tooLong:
        throw RPCError(
          .resourceExhausted, "the message has more than \(limit) bytes when decompressed")
      case .malformed:
        throw RPCError(.internal, "the message is not the one gzip member that it should be")
      }
    }
  }
}
