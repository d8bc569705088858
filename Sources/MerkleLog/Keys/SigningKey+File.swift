internal import Glibc

/// Why a key file cannot be read or written.
public enum KeyFileError: Error, Hashable {
  /// The system call that failed, and `errno`.
  case system(call: String, path: String, code: Int32)
  /// Everybody may read the file, or others than its owner may write it.
  case tooOpen(path: String, mode: UInt32)
  /// No unencrypted PEM text of an Ed25519 private key, or more than 4 KiB.
  case malformed(path: String)
}

extension KeyFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let call, let path, let code):
      "\(path): \(call): \(String(cString: strerror(code)))"
    case .tooOpen(let path, let mode):
      "\(path): mode 0\(String(mode, radix: 8)) lets others use the private key; make it 0600"
    case .malformed(let path):
      "\(path): not an unencrypted Ed25519 private key in PEM"
    }
  }
}

extension SigningKey {
  private static let largestFile = 4096

  /// Reads a PEM file. Its group may read it (mounted secrets are made so), everybody may not.
  public init(contentsOf path: String) throws(KeyFileError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .system(call: "open", path: path, code: errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw .system(call: "fstat", path: path, code: errno)
    }
    let mode = status.st_mode & 0o777
    guard mode & 0o027 == 0 else { throw .tooOpen(path: path, mode: mode) }

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: Self.largestFile)
    while bytes.count <= Self.largestFile {
      let count = read(file, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 {
        guard errno == EINTR else { throw .system(call: "read", path: path, code: errno) }
        continue
      }
      bytes += chunk.prefix(count)
    }
    guard bytes.count <= Self.largestFile, let key = SigningKey(pem: bytes) else {
      throw .malformed(path: path)
    }
    self = key
  }

  /// Writes a new PEM file of mode 0600, durable when the call returns. An existing file is never
  /// replaced: a log that loses its key loses its name.
  public func save(to path: String) throws(KeyFileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system(call: "open", path: path, code: errno) }
    defer { close(file) }
    var rest = pem[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0 {
        guard errno == EINTR else { throw .system(call: "write", path: path, code: errno) }
        continue
      }
      rest = rest.dropFirst(count)
    }
    guard fsync(file) == 0 else { throw .system(call: "fsync", path: path, code: errno) }
  }
}
