internal import MerkleLog

extension StoreState {
  /// Takes in what a sealed segment's index says, in place of the segment: at the start.
  ///
  /// - Parameter stager: gets the logs' right edges.
  /// - Throws: `damaged` where the index does not go on from the ones before it.
  mutating func apply(
    _ index: IndexFile, of file: SegmentFile, stager: inout Stager
  ) throws(LogStoreError) {
    let parts = try Parts(index)
    try check(parts, index)
    segments.append(SegmentState(file: file, table: nil, index: index, isSealed: true))
    for name in parts.names {
      addLog(name.name)
      stager.addLog(name.name)
    }
    var nodes = parts.nodes[...]
    for (span, tree) in zip(index.spans, parts.trees) {
      for (level, count) in span.nodeCounts.enumerated() {
        for hash in nodes.prefix(count) {
          logs[Int(span.log)].add(TileNode(log: span.log, level: level + 1, hash: hash))
        }
        nodes = nodes.dropFirst(count)
      }
      logs[Int(span.log)].tree = tree
      logs[Int(span.log)].spans.append(Span(span, segment: file.number))
      stager.restore(span.log, tree)
    }
    for checkpoint in parts.checkpoints {
      logs[Int(checkpoint.log)].add(checkpoint, segment: file.number)
      stager.restore(checkpoint)
    }
    cursors = parts.cursors
  }

  /// Nothing is taken in of an index that does not fit as a whole.
  private func check(_ parts: Parts, _ index: IndexFile) throws(LogStoreError) {
    for (position, name) in parts.names.enumerated() {
      guard Int(name.number) == logs.count + position, numbers[name.name] == nil else {
        throw index.malformed()
      }
    }
    let count = logs.count + parts.names.count
    for span in index.spans {
      let size = Int(span.log) < logs.count ? logs[Int(span.log)].tree.size : 0
      guard Int(span.log) < count, size == span.first else { throw index.malformed() }
    }
    guard parts.checkpoints.allSatisfy({ Int($0.log) < count }) else { throw index.malformed() }
  }

  /// What of an index belongs in memory.
  private struct Parts {
    let names: [LogNumber]
    let nodes: [Hash]
    /// One for each span.
    private(set) var trees: [CompactTree] = []
    let checkpoints: [CheckpointRow]
    let cursors: [String: UInt64]

    init(_ index: IndexFile) throws(LogStoreError) {
      names = try index.names()
      nodes = try index.hashes(.nodes)
      checkpoints = try index.checkpoints()
      cursors = try index.cursors()
      var edges = try index.hashes(.edges)[...]
      for span in index.spans {
        guard let tree = CompactTree(size: span.end, edge: Array(edges.prefix(span.edgeCount)))
        else { throw index.malformed() }
        edges = edges.dropFirst(span.edgeCount)
        trees.append(tree)
      }
      guard edges.isEmpty,
        index.spans.lazy.map({ $0.nodeCounts.reduce(0, +) }).reduce(0, +) == nodes.count
      else { throw index.malformed() }
    }
  }
}

extension Span {
  fileprivate init(_ span: IndexSpan, segment: UInt32) {
    self.init(segment: segment, first: span.first)
    count = span.count
    earliest = span.earliest
    latest = span.latest
    kinds = span.kinds
  }
}

extension IndexFile {
  fileprivate func hashes(_ section: IndexTrailer.Section) throws(LogStoreError) -> [Hash] {
    try readAll(section) { bytes in
      var reader = ByteReader(bytes)
      var hashes: [Hash] = []
      hashes.reserveCapacity(bytes.count / Hash.byteCount)
      while let hash = reader.hash() { hashes.append(hash) }
      return hashes
    }
  }

  fileprivate func names() throws(LogStoreError) -> [LogNumber] {
    let names: [LogNumber]? = try readAll(.names) { bytes in
      var reader = ByteReader(bytes)
      var names: [LogNumber] = []
      while !reader.isAtEnd {
        guard let number = reader.integer(UInt32.self), let name = reader.shortText() else {
          return nil
        }
        names.append(LogNumber(number: number, name: name))
      }
      return names
    }
    guard let names else { throw malformed() }
    return names
  }

  fileprivate func cursors() throws(LogStoreError) -> [String: UInt64] {
    let cursors: [String: UInt64]? = try readAll(.cursors) { bytes in
      var reader = ByteReader(bytes)
      var cursors: [String: UInt64] = [:]
      while !reader.isAtEnd {
        guard let feed = reader.shortText(), let sequence = reader.integer(UInt64.self) else {
          return nil
        }
        cursors[feed] = sequence
      }
      return cursors
    }
    guard let cursors else { throw malformed() }
    return cursors
  }
}
