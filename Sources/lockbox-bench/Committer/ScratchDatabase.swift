internal import Glibc
internal import Storage

/// Deletes a closed database with everything that lies beside it.
func removeDatabase(at path: String) {
  for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
}

/// Ends the program: nothing more can be measured.
@Sendable
func stopMeasuring(_ error: StorageError) {
  standardError("lockbox-bench: \(error)\n")
  exit(1)
}

func standardError(_ text: String) {
  let bytes = Array(text.utf8)
  // There is nobody else to tell.
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
