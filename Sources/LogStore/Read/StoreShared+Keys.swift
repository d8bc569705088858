internal import Synchronization

extension StoreShared {
  /// The first of the entries whose id is in the store already.
  func firstKnown(_ entries: [NewEntry]) throws(LogStoreError) -> Key128? {
    guard let first = entries.first else { return nil }
    var low = first.id
    var high = first.id
    for entry in entries {
      low = min(low, entry.id)
      high = max(high, entry.id)
    }
    let (known, files) = state.withLock { state -> (Key128?, [IndexFile]) in
      var files: [IndexFile] = []
      for segment in state.segments {
        if let file = segment.index {
          if file.trailer.firstID <= high && file.trailer.lastID >= low { files.append(file) }
        } else if let table = segment.table {
          for entry in entries where table.ids[entry.id] != nil { return (entry.id, []) }
        }
      }
      return (nil, files)
    }
    if let known { return known }
    for file in files {
      for entry in entries where try !file.rows(of: entry.id, in: .ids).isEmpty { return entry.id }
    }
    return nil
  }

  /// Where the entry with an id stands.
  func position(of id: Key128) throws(LogStoreError) -> EntryPosition? {
    let (known, files) = state.withLock { state -> (EntryPosition?, [IndexFile]) in
      var files: [IndexFile] = []
      for segment in state.segments.reversed() {
        if let file = segment.index {
          if file.trailer.firstID <= id && file.trailer.lastID >= id { files.append(file) }
        } else if let row = segment.table?.ids[id] {
          return (segment.table?.positions[Int(row)], [])
        }
      }
      return (nil, files)
    }
    if let known { return known }
    for file in files {
      guard let row = try file.rows(of: id, in: .ids).first else { continue }
      guard let position = file.position(ofRow: row) else { throw file.malformed() }
      return position
    }
    return nil
  }

  /// The indexes of a log's entries that have a key, in one segment, in rising order.
  func indexes(
    of log: UInt32, in segment: UInt32, request: Key128?, person: Key128?
  ) throws(LogStoreError) -> [UInt64] {
    let (inMemory, file) = state.withLock { state -> ([UInt64], IndexFile?) in
      let segment = state.segments[Int(segment)]
      guard let table = segment.table, segment.index == nil else { return ([], segment.index) }
      var rows: [UInt32]?
      for found in [
        request.map { table.requests.rows(of: $0) }, person.map { table.persons.rows(of: $0) },
      ] {
        rows = Self.common(rows, found)
      }
      let positions = (rows ?? []).map { table.positions[Int($0)] }
      return (positions.filter { $0.log == log }.map(\.index), nil)
    }
    guard let file else { return inMemory.sorted() }
    var rows: [UInt32]?
    if let request { rows = Self.common(rows, try file.rows(of: request, in: .requests)) }
    if let person { rows = Self.common(rows, try file.rows(of: person, in: .persons)) }
    return (rows ?? []).compactMap { file.position(ofRow: $0) }.filter { $0.log == log }
      .map(\.index).sorted()
  }

  private static func common(_ a: [UInt32]?, _ b: [UInt32]?) -> [UInt32]? {
    guard let a else { return b }
    guard let b else { return a }
    let kept = Set(b)
    return a.filter { kept.contains($0) }
  }
}
