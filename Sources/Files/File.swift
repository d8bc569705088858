internal import Glibc

/// Whole small files: configuration, keys, issuers. Each read names the largest size it accepts.
public enum File {
  /// Reads a regular file.
  ///
  /// - Parameters:
  ///   - path: Relative to the working directory, or absolute.
  ///   - limit: In bytes; a larger file is refused rather than read.
  public static func read(_ path: String, limit: Int = 1 << 20) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, reason: systemReason()) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(path: path, reason: systemReason())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, reason: "it is not a regular file")
    }

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, reason: systemReason())
      }
      guard bytes.count + count <= limit else {
        throw FileError(path: path, reason: "it is larger than \(limit) bytes")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Reads a regular file that must be UTF-8 text.
  public static func readText(_ path: String, limit: Int = 1 << 20) throws(FileError) -> String {
    let bytes = try read(path, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(path: path, reason: "it is not UTF-8 text")
    }
    return text
  }

  /// The names of what a directory holds, in order.
  public static func names(in path: String) throws(FileError) -> [String] {
    guard let directory = opendir(path) else {
      throw FileError(path: path, reason: systemReason())
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      // The name is an array of fixed length in C, ended by a zero.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(
          to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)
        ) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file that only its owner can read, in place of what was there; for what can be made
  /// again, since a power loss may lose it.
  public static func writePrivately(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        guard errno == EINTR else { throw FileError(path: path, reason: systemReason()) }
        continue
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Removes a file; one that is not there is as good.
  public static func remove(_ path: String) { unlink(path) }

  /// Makes a directory and those above it, readable by its owner only, where they are missing.
  public static func makeDirectory(_ path: String) throws(FileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? "\(component)" : "/\(component)"
      if mkdir(made, 0o700) != 0 && errno != EEXIST {
        throw FileError(path: made, reason: systemReason())
      }
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(path: path, reason: "it is not a directory")
    }
  }

  /// What `errno` says just now. glibc's `strerror` keeps its text per thread (since 2.32).
  private static func systemReason() -> String { String(cString: strerror(errno)) }
}
