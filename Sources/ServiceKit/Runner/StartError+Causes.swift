internal import Files
internal import Glibc
internal import NIOCore
internal import Storage

extension StartError {
  /// The sentence for whatever stopped a service from being assembled.
  static func whileStarting(_ error: any Error) -> StartError {
    switch error {
    case let error as StartError: error
    case let error as FileError:
      StartError(.inputOutput, "\(error.path) cannot be used: \(error.reason).")
    case let error as StorageError: .storage(error)
    default: StartError(.software, "The service could not start: \(error).")
    }
  }

  /// The sentence for a database that does not open.
  static func storage(_ error: StorageError) -> StartError {
    let code: ExitCode =
      switch error.kind {
      case .foreignFile, .newerSchema: .configuration
      case .inUse: .unavailable
      case .cannotOpen, .permission, .notADatabase, .corrupt, .full, .io, .outOfMemory,
        .constraint, .busy, .outOfRange, .unexpectedValue, .gap, .closed, .misuse:
        .inputOutput
      }
    return StartError(code, error.description)
  }

  /// The sentence for an address that cannot be bound.
  public static func binding(_ key: String, _ address: Address, _ error: any Error) -> StartError {
    let system = error as? IOError
    switch system?.errnoCode {
    case EADDRINUSE?:
      return StartError(
        .unavailable,
        """
        `\(key)` is \(address), which another program uses already: stop that one or choose \
        another address.
        """)
    case EADDRNOTAVAIL?:
      return StartError(
        .unavailable,
        "`\(key)` is \(address), which is no address of this machine: choose another.")
    case EACCES?:
      return StartError(
        .unavailable,
        "`\(key)` is \(address), which this user may not bind: choose a port from 1024 on.")
    default:
      let reason = system.map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
      return StartError(.unavailable, "`\(key)` is \(address), which cannot be bound: \(reason).")
    }
  }
}

/// Makes the data directory.
func makePrivateDirectory(_ path: String) throws(StartError) {
  do {
    try File.makeDirectory(path)
  } catch {
    throw StartError(
      .inputOutput,
      """
      `data_directory` is \(path), and \(error.path) cannot be made or used: \(error.reason); \
      let the user of this service write there or choose another directory.
      """)
  }
}
