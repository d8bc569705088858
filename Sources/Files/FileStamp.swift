internal import Glibc

/// Tells whether a file is another one than before, without reading it.
public struct FileStamp: Hashable, Sendable {
  public let device: UInt
  public let inode: UInt
  public let size: Int
  public let seconds: Int
  public let nanoseconds: Int

  /// `nil` where there is no such file.
  public init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
