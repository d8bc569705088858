internal import Glibc

/// Files that are complete or absent, never readable by others for a moment.
public enum PrivateFile {
  /// Writes beside the target, syncs, and renames over it.
  public static func write(
    _ text: String, to path: String, mode: UInt32
  ) throws(PKIError) {
    let temporary = "\(path).\(getpid()).tmp"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
    guard descriptor >= 0 else { throw failure(path) }
    // The umask may have taken bits away.
    var done = fchmod(descriptor, mode_t(mode)) == 0 && writeAll(Array(text.utf8), descriptor)
    done = fsync(descriptor) == 0 && done
    done = close(descriptor) == 0 && done
    guard done, rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  /// The whole file as text.
  public static func read(_ path: String) throws(PKIError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count >= 0 else { throw failure(path) }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }

  private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func failure(_ path: String) -> PKIError {
    PKIError("\(path): \(String(cString: strerror(errno)))")
  }
}
