internal import ArgumentParser
internal import Glibc

/// Where a chart goes.
enum ChartFile {
  /// - Throws: what can be known before the load: hours later it would come too late.
  static func check(_ path: String) throws {
    guard path.hasSuffix(".svg") else {
      throw ValidationError("--chart draws SVG: name a file that ends in .svg.")
    }
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard access(directory, W_OK) == 0 else {
      throw ValidationError("--chart: \(directory) is no directory to write into: choose another.")
    }
  }

  static func write(_ text: String, to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw failure(path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ path: String) -> ValidationError {
    ValidationError("\(path) cannot be written: \(String(cString: strerror(errno))).")
  }
}
