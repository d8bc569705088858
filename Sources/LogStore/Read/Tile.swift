/// Which tile of hashes: 256 wide, or fewer at the right edge (C2SP tlog-tiles).
public struct Tile: Hashable, Sendable {
  /// 0 for leaves, each level above for 256 of the one below.
  public var level: Int
  public var index: UInt64
  /// 1 to 256.
  public var width: Int

  public init(level: Int, index: UInt64, width: Int = 256) {
    self.level = level
    self.index = index
    self.width = width
  }

  /// `tile/<L>/<N>[.p/<W>]`
  public var path: String { "tile/\(level)/\(TilePath.text(index, width))" }

  /// Nil for what is no tile's path.
  public init?(path: String) {
    let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "tile", let level = TilePath.number(parts[1]), level <= 63,
      let (index, width) = TilePath.parse(parts[2])
    else { return nil }
    self.init(level: Int(level), index: index, width: width)
  }
}

/// Which 256 entries, or fewer at the right edge.
public struct EntryBundle: Hashable, Sendable {
  public var index: UInt64
  /// 1 to 256.
  public var width: Int

  public init(index: UInt64, width: Int = 256) {
    self.index = index
    self.width = width
  }

  /// `tile/entries/<N>[.p/<W>]`
  public var path: String { "tile/entries/\(TilePath.text(index, width))" }

  /// Nil for what is no bundle's path.
  public init?(path: String) {
    let prefix = "tile/entries/"
    guard path.hasPrefix(prefix),
      let (index, width) = TilePath.parse(path.dropFirst(prefix.utf8.count))
    else { return nil }
    self.init(index: index, width: width)
  }
}

/// `x001/x234/067` for 1234067, and `.p/<W>` behind it for partial ones.
private enum TilePath {
  static func text(_ index: UInt64, _ width: Int) -> String {
    var groups: [String] = []
    var rest = index
    repeat {
      let digits = String(rest % 1_000)
      groups.append(String(repeating: "0", count: 3 - digits.utf8.count) + digits)
      rest /= 1_000
    } while rest > 0
    let path = groups.reversed().enumerated().map { position, group in
      position < groups.count - 1 ? "x\(group)" : group
    }.joined(separator: "/")
    return width == 256 ? path : "\(path).p/\(width)"
  }

  /// Nil unless `text` would write the same.
  static func parse(_ path: Substring) -> (index: UInt64, width: Int)? {
    var groups = path.split(separator: "/", omittingEmptySubsequences: false)
    var width = 256
    if groups.count >= 2, groups[groups.count - 2].hasSuffix(".p") {
      guard let partial = number(groups.removeLast()), (1...255).contains(partial) else {
        return nil
      }
      width = Int(partial)
      groups[groups.count - 1].removeLast(2)
    }
    guard groups.count <= 6 else { return nil }
    var index: UInt64 = 0
    for group in groups {
      let digits = group.hasPrefix("x") ? group.dropFirst() : group
      guard digits.utf8.count == 3, let value = UInt64(digits) else { return nil }
      index = index * 1_000 + value
    }
    return text(index, width).utf8.elementsEqual(path.utf8) ? (index, width) : nil
  }

  /// Without leading zeros.
  static func number(_ text: Substring) -> UInt64? {
    guard text.utf8.count <= 3, let value = UInt64(text), String(value) == text else { return nil }
    return value
  }
}
