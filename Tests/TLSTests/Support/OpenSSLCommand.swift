internal import Foundation

/// The `openssl` command, as a peer that shares nothing with our handlers but the library.
enum OpenSSLCommand {
  /// Runs it to its end.
  /// - Returns: standard output and error together.
  static func run(_ arguments: [String], input: String = "") async throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let (toIt, fromIt) = (Pipe(), Pipe())
    process.standardInput = toIt
    process.standardOutput = fromIt
    process.standardError = fromIt
    try process.run()
    try toIt.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    let output = fromIt.fileHandleForReading
    return await withCheckedContinuation { continuation in
      // A thread of its own: this blocks.
      Thread.detachNewThread {
        let data = (try? output.readToEnd()) ?? Data()
        process.waitUntilExit()
        try? toIt.fileHandleForWriting.close()
        continuation.resume(returning: String(decoding: data, as: UTF8.self))
      }
    }
  }
}
