internal import Glibc

/// Keeps other processes off a database: an exclusive `flock` on `<path>.lock`, which the system
/// drops with the process however it ends. The lock file stays, as removing it would be a race.
final class FileLock: Sendable {
  /// Owned: closed in `deinit`, which gives the lock up at the latest.
  private let descriptor: Int32

  /// - Throws: `inUse` naming the holder, `permission`, `cannotOpen`.
  init(for path: String, program: String) throws(StorageError) {
    let descriptor = try openPrivately(path + ".lock", while: "locking it")
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = Self.read(descriptor)
      close(descriptor)
      throw StorageError(
        .inUse(by: holder), message: "another process uses this file: \(holder)",
        while: "locking it", path: path)
    }
    ftruncate(descriptor, 0)
    let name = Array("\(program), pid \(getpid())".utf8)
    // Only a hint for the sentence above: a failure here harms nothing.
    _ = pwrite(descriptor, name, name.count, 0)
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  func release() {
    flock(descriptor, LOCK_UN)
  }

  private static func read(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : "unknown"
  }
}

/// Opens or makes a file that only this user can read: it holds customers' data.
/// - Returns: a descriptor that the caller closes.
func openPrivately(_ path: String, while action: String) throws(StorageError) -> Int32 {
  let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
  if descriptor >= 0 { return descriptor }
  let code = errno
  let kind: StorageError.Kind =
    switch code {
    case EACCES, EPERM, EROFS: .permission
    case ENOSPC, EDQUOT: .full
    case EIO: .io
    default: .cannotOpen
    }
  throw StorageError(kind, message: String(cString: strerror(code)), while: action, path: path)
}
