internal import Dispatch
internal import Foundation

/// `lockbox-bench` as a process.
final class Program: Sendable {
  private let process = Process()
  private let output = Pipe()

  init(_ arguments: [String]) throws {
    // The executables of a build are beside its tests.
    let directory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    process.executableURL = directory.appendingPathComponent("lockbox-bench")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
  }

  deinit { if process.isRunning { process.terminate() } }

  func interrupt() { process.interrupt() }

  /// Waits for its end.
  func end() async -> (status: Int32, output: String) {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [self] in
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        continuation.resume(
          returning: (process.terminationStatus, String(decoding: data, as: UTF8.self)))
      }
    }
  }
}
