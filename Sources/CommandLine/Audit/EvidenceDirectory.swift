internal import DevPKI
internal import Files
internal import Glibc

/// A folder that is made whole or not at all.
struct EvidenceDirectory {
  private let path: String

  /// - Throws: where something of this name is there already.
  init(_ path: String) throws(Failure) {
    guard FileStamp(path) == nil else {
      throw Failure(.inputOutput, "\(path) is there already: name a folder that is not.")
    }
    self.path = path
  }

  func write(_ files: [String: [UInt8]]) throws(Failure) {
    let temporary = "\(path).\(getpid()).tmp"
    do throws(FileError) {
      try File.makeDirectory(temporary)
    } catch {
      throw Failure(.inputOutput, "\(error.path) cannot be made: \(error.reason).")
    }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      do throws(PKIError) {
        // Justifications and names of people: for whoever exports, first.
        try PrivateFile.write(
          String(decoding: bytes, as: UTF8.self), to: "\(temporary)/\(name)", mode: 0o600)
      } catch {
        throw Failure(.inputOutput, "The evidence cannot be written: \(error).")
      }
    }
    guard rename(temporary, path) == 0 else {
      throw Failure(
        .inputOutput, "\(path) cannot be made: \(String(cString: strerror(errno))).")
    }
  }
}
