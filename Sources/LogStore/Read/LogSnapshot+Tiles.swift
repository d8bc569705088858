internal import MerkleLog

/// Tiles and entry bundles as C2SP tlog-tiles serves them.
extension LogSnapshot {
  /// A tile's bytes: its hashes one after the other.
  ///
  /// - Returns: nil for what the log does not have (yet): a partial tile needs only its own width.
  public func tile(_ tile: Tile) throws(LogStoreError) -> [UInt8]? {
    let first = tile.index << 8
    guard first >> 8 == tile.index, tile.level < 8,
      first + UInt64(tile.width) <= size >> UInt64(8 * tile.level)
    else { return nil }
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(tile.width * Hash.byteCount)
    for hash in try hashes(level: tile.level, from: first, count: tile.width) { writer.hash(hash) }
    return writer.bytes
  }

  /// A bundle's bytes: each entry behind its length in two bytes, the higher first.
  ///
  /// - Returns: nil for what the log does not have, and where a body was dropped or is larger than
  ///   the 65,535 bytes that the format allows.
  public func bundle(_ bundle: EntryBundle) throws(LogStoreError) -> [UInt8]? {
    let first = bundle.index << 8
    guard first >> 8 == bundle.index, first + UInt64(bundle.width) <= size else { return nil }
    var writer = ByteWriter()
    for entry in try entries(from: first, limit: bundle.width) {
      guard let body = entry.body, let length = UInt16(exactly: body.count) else { return nil }
      writer.integer(length.byteSwapped)
      writer.bytes.append(contentsOf: body)
    }
    return writer.bytes
  }
}
