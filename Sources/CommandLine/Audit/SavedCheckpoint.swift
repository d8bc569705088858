internal import DevPKI
internal import Files

/// A signed checkpoint in a file: what the log said once, to hold it to.
enum SavedCheckpoint {
  static func read(_ path: String) throws(Failure) -> String {
    do {
      return try File.readText(path)
    } catch {
      throw Failure(.data, "The checkpoint \(error.path) cannot be read: \(error.reason).")
    }
  }

  /// Complete or absent, never half: it replaces the older one in one step.
  static func write(_ note: String, to path: String) throws(Failure) {
    do {
      try PrivateFile.write(note, to: path, mode: 0o644)
    } catch {
      throw Failure(.inputOutput, "The checkpoint cannot be saved: \(error).")
    }
  }
}
