public import MerkleLog

/// RFC 6962 §2.1 word for word, recursive, without any stored node.
public enum NaiveTree {
  public static func root(_ entries: ArraySlice<[UInt8]>) -> Hash {
    switch entries.count {
    case 0: return SHA256.hash([])
    case 1: return Hash.leaf(entries.first!)
    default:
      let (left, right) = halves(entries)
      return Hash.node(root(left), root(right))
    }
  }

  /// PATH(m, D[n]).
  public static func path(_ index: Int, _ entries: ArraySlice<[UInt8]>) -> [Hash] {
    guard entries.count > 1 else { return [] }
    let (left, right) = halves(entries)
    return index < left.count
      ? path(index, left) + [root(right)]
      : path(index - left.count, right) + [root(left)]
  }

  /// PROOF(m, D[n]) for 0 < m < n.
  public static func proof(_ old: Int, _ entries: ArraySlice<[UInt8]>) -> [Hash] {
    subproof(old, entries, known: true)
  }

  private static func subproof(_ old: Int, _ entries: ArraySlice<[UInt8]>, known: Bool) -> [Hash] {
    if old == entries.count { return known ? [] : [root(entries)] }
    let (left, right) = halves(entries)
    return old <= left.count
      ? subproof(old, left, known: known) + [root(right)]
      : subproof(old - left.count, right, known: false) + [root(left)]
  }

  private static func halves(
    _ entries: ArraySlice<[UInt8]>
  ) -> (ArraySlice<[UInt8]>, ArraySlice<[UInt8]>) {
    var split = 1
    while split * 2 < entries.count { split *= 2 }
    return (entries.prefix(split), entries.dropFirst(split))
  }
}
