/// The names of a store's files.
struct StorePaths: Sendable {
  let root: String

  var segments: String { root + "/segments" }
  var indexes: String { root + "/index" }
  var head: String { root + "/head" }
  var lock: String { root + "/lock" }

  func segment(_ number: UInt32) -> String { "\(segments)/\(Self.digits(number)).seg" }
  func index(_ number: UInt32) -> String { "\(indexes)/\(Self.digits(number)).idx" }

  /// What people are told: without the store's own path.
  func short(_ path: String) -> String {
    path.hasPrefix(root + "/") ? String(path.dropFirst(root.utf8.count + 1)) : path
  }

  static func segmentNumber(_ name: String) -> UInt32? {
    guard name.hasSuffix(".seg") else { return nil }
    let digits = name.dropLast(4)
    guard digits.utf8.count == 10, let number = UInt32(digits), Self.digits(number) == digits
    else { return nil }
    return number
  }

  private static func digits(_ number: UInt32) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 10 - digits.utf8.count) + digits
  }
}
