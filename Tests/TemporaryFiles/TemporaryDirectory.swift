internal import FoundationEssentials
internal import Glibc

/// A directory of a test's own, removed with everything in it when the test lets go of it.
public final class TemporaryDirectory: Sendable {
  /// Absolute, without a slash at its end.
  public let path: String

  public init() {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/lockbox-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary directory: error \(errno)")
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file in it, by renaming a complete one into place, and returns its path.
  @discardableResult
  public func write(_ name: String, _ text: String) -> String {
    write(name, Array(text.utf8))
  }

  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) -> String {
    let target = file(name)
    let stream = fopen(target + ".new", "w")
    precondition(stream != nil, "cannot write \(target): error \(errno)")
    precondition(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
    precondition(fclose(stream) == 0 && rename(target + ".new", target) == 0)
    return target
  }

  /// Moves a file over another.
  public func move(_ name: String, to other: String) {
    precondition(rename(file(name), file(other)) == 0, "cannot move \(name): error \(errno)")
  }
}
