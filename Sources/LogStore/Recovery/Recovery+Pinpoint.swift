internal import MerkleLog

extension Recovery {
  /// Finds which entry of a damaged batch it is: the first that cannot be read, or whose leaf is
  /// not the one that the segment's index knows.
  func pinpoint(
    _ header: BatchHeader, _ start: Int, _ bytes: UnsafeRawBufferPointer, _ segment: UInt32,
    _ fault: inout LogStoreFault?
  ) {
    let first = start + BatchHeader.byteCount
    let end = min(first + Int(header.payloadLength), bytes.count)
    guard header.batch == state.end.batch, first < end else { return }
    let path = paths.index(segment)
    let index = (try? files.open(path, creates: false, isReadOnly: true)).flatMap {
      try? IndexFile($0, path: path)
    }
    var names = state.logs.map(\.name)
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<end]), at: first)
    var sequence = header.sequence
    while sequence < header.sequence + UInt64(header.entryCount) {
      switch reader.item() {
      case nil:
        fault?.sequences = sequence...sequence
        return
      case .log(_, let name): names.append(name)
      case .entry(let entry):
        let known = (try? index?.leaves(of: entry.log, from: entry.index, count: 1))??.first
        if let index, known != entry.leaf, Int(entry.log) < names.count {
          // The index tells what the entry was; a log or an index that it does not know was changed.
          let isKnown = index.span(of: entry.log).map {
            $0.first <= entry.index && entry.index < $0.end
          }
          fault?.sequences = sequence...sequence
          if isKnown == true {
            fault?.entry = EntryAddress(log: names[Int(entry.log)], index: entry.index)
          }
          return
        }
        sequence += 1
      case .cursor, .checkpoint: break
      }
    }
  }
}
