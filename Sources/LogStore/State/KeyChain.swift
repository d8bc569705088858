/// The rows of a table that have a key, newest first.
struct KeyChain {
  struct Link {
    let key: Key128
    let row: UInt32
    /// In `links`.
    let previous: Int?
  }

  private(set) var links: [Link] = []
  private var newest: [Key128: Int] = [:]

  mutating func add(_ key: Key128, _ row: UInt32) {
    let number = links.count
    let previous = newest.updateValue(number, forKey: key)
    links.append(Link(key: key, row: row, previous: previous))
  }

  func rows(of key: Key128) -> [UInt32] {
    var rows: [UInt32] = []
    var next = newest[key]
    while let number = next {
      rows.append(links[number].row)
      next = links[number].previous
    }
    return rows.reversed()
  }

  /// For a table in a file: by key, then by row.
  func sorted(_ place: (UInt32) -> UInt32) -> [(key: Key128, row: UInt32)] {
    links.map { ($0.key, place($0.row)) }.sorted { ($0.key, $0.row) < ($1.key, $1.row) }
  }
}
