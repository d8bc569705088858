internal import Glibc

/// A file's bytes, read in one go.
enum FileBytes {
  /// A bundle of all public authorities has about 200 KiB; a large revocation list some MiB.
  static let limit = 16 << 20

  static func read(_ path: String) throws(TLSError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else { throw TLSError(.tooLarge(limit: limit), file: path) }
    }
  }

  private static func failure(_ path: String) -> TLSError {
    let code = errno
    guard code != ENOENT else { return TLSError(.missing, file: path) }
    return TLSError(.unreadable(String(cString: strerror(code))), file: path)
  }
}

/// What tells one version of a file from another: another inode (renamed into place), another
/// size, or another time of modification (written in place).
struct FileStamp: Sendable, Hashable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// nil when there is no such file, or it cannot be asked about.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
