/// Why a proof cannot be made or does not hold.
public enum ProofError: Error, Hashable {
  /// The index is not below the tree's size.
  case indexOutOfRange(index: UInt64, size: UInt64)
  /// The older size is larger than the newer.
  case sizesOutOfOrder(old: UInt64, new: UInt64)
  /// More or fewer hashes than these sizes demand.
  case wrongLength(expected: Int, found: Int)
  /// The proof leads to another root than the tree's.
  case rootMismatch
  /// The proof leads to another root than the older tree's.
  case oldRootMismatch
}

extension ProofError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .indexOutOfRange(let index, let size):
      "index \(index) is not in a tree of size \(size)"
    case .sizesOutOfOrder(let old, let new):
      "the older size \(old) is larger than the newer size \(new)"
    case .wrongLength(let expected, let found):
      "the proof has \(found) hashes and needs \(expected)"
    case .rootMismatch:
      "the proof does not lead to the root"
    case .oldRootMismatch:
      "the proof does not lead to the older root"
    }
  }
}
