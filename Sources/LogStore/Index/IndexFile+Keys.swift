extension IndexFile {
  private static let keyRowBytes = Key128.byteCount + 4
  /// Rows read at once when a key has many.
  private static let run = 128

  /// The rows of a key in the section of ids, requests or persons, in rising order.
  func rows(of key: Key128, in section: IndexTrailer.Section) throws(LogStoreError) -> [UInt32] {
    let count = Int(trailer.length(of: section)) / Self.keyRowBytes
    guard count > 0 else { return [] }
    if section == .ids && (key < trailer.firstID || key > trailer.lastID) { return [] }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if try keyRows(section, middle, 1)[0].key < key { low = middle + 1 } else { high = middle }
    }
    var rows: [UInt32] = []
    while low < count {
      let run = try keyRows(section, low, min(Self.run, count - low))
      let found = run.prefix { $0.key == key }
      rows += found.map(\.row)
      if found.count < run.count { break }
      low += run.count
    }
    return rows
  }

  private func keyRows(
    _ section: IndexTrailer.Section, _ first: Int, _ count: Int
  ) throws(LogStoreError) -> [(key: Key128, row: UInt32)] {
    let rows = try read(
      section, from: first * Self.keyRowBytes, count: count * Self.keyRowBytes
    ) { bytes in
      var reader = ByteReader(bytes)
      return (0..<count).compactMap { _ -> (key: Key128, row: UInt32)? in
        guard let key = reader.key(), let row = reader.integer(UInt32.self) else { return nil }
        return (key, row)
      }
    }
    guard rows.count == count else { throw malformed() }
    return rows
  }

  /// Every checkpoint that the segment holds, in the order in which they were written.
  func checkpoints() throws(LogStoreError) -> [CheckpointRow] {
    let count = Int(trailer.length(of: .checkpoints)) / CheckpointRow.byteCount
    let rows = try readAll(.checkpoints) { bytes in
      var reader = ByteReader(bytes)
      return (0..<count).compactMap { _ in CheckpointRow(&reader) }
    }
    guard rows.count == count else { throw malformed() }
    return rows
  }
}
