internal import MerkleLog

/// A log of a test's own with two histories: the true one, and one that parts from it at an entry.
struct LyingLog: Sendable {
  let signer: NoteSigner
  private let honest: History
  private let forked: History
  /// The first size at which the histories differ.
  let fork: UInt64

  struct History: Sendable {
    private var tree = CompactTree()
    private var nodes: [TreeNode: Hash] = [:]

    mutating func append(_ entry: [UInt8]) {
      tree.append(Hash.leaf(entry)) { nodes[$0] = $1 }
    }

    func hash(of node: TreeNode) -> Hash {
      guard let hash = nodes[node] else { preconditionFailure("an incomplete subtree") }
      return hash
    }
  }

  init(_ origin: String, entries: Int = 300, fork: Int = 2) {
    guard let name = KeyName(origin) else { preconditionFailure("\(origin) is no name") }
    signer = NoteSigner(name: name, key: .generate())
    var honest = History()
    var forked = History()
    for number in 0..<entries {
      let entry = [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
      honest.append(entry)
      forked.append(number + 1 < fork ? entry : entry + [0xff])
    }
    self.honest = honest
    self.forked = forked
    self.fork = UInt64(fork)
  }

  func checkpoint(_ size: UInt64, lying: Bool = false) -> Checkpoint {
    let history = lying ? forked : honest
    return Checkpoint(
      origin: signer.name, size: size,
      root: TreeRoot.compute(size: size, nodes: history.hash(of:)))
  }

  func note(_ size: UInt64, lying: Bool = false) throws -> SignedNote {
    try checkpoint(size, lying: lying).signed(by: [signer])
  }

  func request(_ old: UInt64, _ new: UInt64, lying: Bool = false) throws -> AddCheckpoint {
    let history = lying ? forked : honest
    return try AddCheckpoint(
      oldSize: old,
      proof: old > new ? [] : ConsistencyProof.make(old: old, new: new, nodes: history.hash(of:)),
      note: try note(new, lying: lying))
  }
}

extension AddCheckpoint {
  var bytes: [UInt8] { Array(body.utf8) }
}
