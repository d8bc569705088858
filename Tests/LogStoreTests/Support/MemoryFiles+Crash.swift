internal import ReferenceTree
internal import Synchronization

extension MemoryFiles {
  /// What a power cut may leave: of the writes since the last sync, sectors of 512 bytes are there
  /// or not, whatever their order; so are names that no sync of their directory has covered.
  func crashImage(_ random: inout SeededRandom) -> [String: [UInt8]] {
    let state = state.withLock { ($0.nodes, $0.names, $0.durableNames) }
    let (nodes, names, durable) = state
    var image: [String: [UInt8]] = [:]
    for path in Set(names.keys).union(durable.keys) {
      let isKept = names[path] == durable[path] || Bool.random(using: &random)
      guard let number = isKept ? names[path] : durable[path], let node = nodes[number] else {
        continue
      }
      var content = node.synced
      for write in node.unsynced { write.tear(&content, &random) }
      image[path] = content
    }
    return image
  }
}

extension MemoryFiles.Write {
  fileprivate func tear(_ content: inout [UInt8], _ random: inout SeededRandom) {
    var place = offset
    while place < offset + bytes.count {
      let end = min((place / 512 + 1) * 512, offset + bytes.count)
      if Bool.random(using: &random) {
        if content.count < end {
          content += [UInt8](repeating: 0, count: end - content.count)
        }
        content.replaceSubrange(place..<end, with: bytes[(place - offset)..<(end - offset)])
      }
      place = end
    }
  }
}

extension MemoryFiles {
  /// Whether a power cut could change nothing in a directory's files.
  func isSynced(_ directory: String) -> Bool {
    state.withLock { state in
      let files = state.names.filter { $0.key.hasPrefix(directory + "/") }
      return files.allSatisfy { path, number in
        state.durableNames[path] == number && state.nodes[number]?.unsynced.isEmpty == true
      }
    }
  }
}
