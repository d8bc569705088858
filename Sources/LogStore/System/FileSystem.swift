/// The calls on files that a store makes, one method a system call, so that tests can let each of
/// them fail.
public protocol FileSystem: Sendable {
  /// Opens a file for reading and, unless `isReadOnly`, writing.
  /// - Parameter creates: makes the file, readable by its owner only, where it is missing.
  func open(_ path: String, creates: Bool, isReadOnly: Bool) throws(SystemFault) -> any OpenFile

  /// Makes one directory; one that is there is right too.
  func makeDirectory(_ path: String) throws(SystemFault)

  /// The names in a directory, in no order, without `.` and `..`.
  func list(_ directory: String) throws(SystemFault) -> [String]

  /// Puts a file in the place of another, atomically.
  func rename(_ path: String, to other: String) throws(SystemFault)

  /// Removes a file; a missing one is right too.
  func remove(_ path: String) throws(SystemFault)

  /// Makes the names in a directory durable: those that were made, renamed and removed.
  func syncDirectory(_ path: String) throws(SystemFault)

  /// Keeps other processes off until the file that is given back is let go.
  /// - Throws: with `EWOULDBLOCK` when another holds it.
  func lock(_ path: String) throws(SystemFault) -> any OpenFile
}

/// An open file; closed when it is let go. Reads may run beside each other and beside writes.
public protocol OpenFile: AnyObject, Sendable {
  /// In bytes.
  func size() throws(SystemFault) -> UInt64

  /// - Returns: the number of bytes read: fewer than asked for at the file's end only.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemFault) -> Int

  /// - Returns: the number of bytes written, which may be fewer than given.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemFault) -> Int

  /// Returns when the file's bytes, and as much of its metadata as reading them needs, are durable.
  func syncData() throws(SystemFault)

  func truncate(to size: UInt64) throws(SystemFault)
}

/// A system call that failed.
public struct SystemFault: Error, Hashable, Sendable {
  public let call: String
  public let path: String
  /// The `errno` value.
  public let code: Int32

  public init(_ call: String, _ path: String, code: Int32) {
    self.call = call
    self.path = path
    self.code = code
  }
}

extension OpenFile {
  /// Writes all of the bytes, in one call unless the system takes fewer.
  func writeAll(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64, path: String
  ) throws(SystemFault) {
    var done = 0
    while done < bytes.count {
      let count = try write(
        UnsafeRawBufferPointer(rebasing: bytes[done...]), at: offset + UInt64(done))
      guard count > 0 else { throw SystemFault.noProgress(path) }
      done += count
    }
  }

  /// Reads `count` bytes; fewer at the file's end.
  func read(_ count: Int, at offset: UInt64) throws(SystemFault) -> [UInt8] {
    var fault: SystemFault?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(SystemFault) {
        filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    return bytes
  }
}
