/// The first thing that is wrong in a log.
struct LogFault: Error, Hashable {
  let log: LogName
  let kind: Kind

  enum Kind: Hashable, Sendable {
    /// No entry stands at the index, but later ones do.
    case missingEntry(index: UInt64)
    /// The entry's bytes are not those that were logged.
    case changedEntry(index: UInt64)
    /// What the entry is found by is not what its bytes say.
    case changedIndex(index: UInt64, EventFault?)
    /// The entries of a subtree, or its stored hash, are not those that were logged.
    case changedSubtree(first: UInt64, end: UInt64)
    /// The log does not contain what it has signed.
    case checkpoint(size: UInt64)
    /// The stored checkpoint is not signed by this service's key.
    case foreignCheckpoint(size: UInt64)
  }
}

extension LogFault: CustomStringConvertible {
  var description: String {
    switch kind {
    case .missingEntry(let index): "\(log): entry \(index) is missing"
    case .changedEntry(let index): "\(log): entry \(index) is not the one that was logged"
    case .changedIndex(let index, let reason):
      "\(log): entry \(index) is filed under what its event does not say"
        + (reason.map { ": \($0)" } ?? "")
    case .changedSubtree(let first, let end):
      "\(log): one of the entries \(first) to \(end - 1), or their stored hash, was changed"
    case .checkpoint(let size):
      "\(log): the entries up to its signed checkpoint of size \(size) are not those it signed"
    case .foreignCheckpoint(let size):
      "\(log): the stored checkpoint of size \(size) is not signed by this service's key"
    }
  }
}
