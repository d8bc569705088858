/// The root of a tree at any size it ever had.
public enum TreeRoot {
  /// The Merkle tree hash of the first `size` leaves (RFC 6962 §2.1).
  ///
  /// - Parameter read: asked for at most 64 complete subtrees within `size`.
  public static func compute<E: Error>(
    size: UInt64, nodes read: NodeReader<E>
  ) throws(E) -> Hash {
    try LeafRange(start: 0, end: size).hash(read)
  }
}
