internal import CPortalFiles

/// Templates, texts and assets, which are part of the program: one file to install, and none that
/// can be changed or missing beside it.
enum PortalFiles {
  /// All files by their path below `Sources/Portal`: `Templates/layout.mustache`.
  static let all: [String: [UInt8]] = {
    var files: [String: [UInt8]] = [:]
    for index in 0..<portal_file_count {
      let file = portal_file(index)
      files[String(cString: file.path)] = Array(
        UnsafeRawBufferPointer(start: file.bytes, count: file.count))
    }
    return files
  }()

  /// The files of a directory and those below, by their path in it.
  static func below(_ directory: String) -> [String: [UInt8]] {
    all.reduce(into: [:]) { files, entry in
      guard entry.key.hasPrefix(directory + "/") else { return }
      files[String(entry.key.dropFirst(directory.count + 1))] = entry.value
    }
  }
}
