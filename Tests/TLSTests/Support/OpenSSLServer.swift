internal import Foundation

/// `openssl s_server` for one connection.
final class OpenSSLServer {
  let port: Int
  private let process = Process()
  private let input = Pipe()

  /// - Parameters:
  ///   - pki: whose server.pem and server.key it uses.
  ///   - options: besides port and identity.
  init(_ pki: PKI, _ options: [String]) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1",
        "-cert", pki.path("server.pem"), "-key", pki.path("server.key"),
      ] + options
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // It prints "ACCEPT 127.0.0.1:40123" once it listens.
    var text = ""
    var found: Int?
    while found == nil {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      text += String(decoding: data, as: UTF8.self)
      let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .first { $0.hasPrefix("ACCEPT") }
      found = line?.split(separator: ":").last.flatMap { Int($0) }
    }
    guard let found else { throw CocoaError(.featureUnsupported) }
    port = found
  }

  deinit { if process.isRunning { process.terminate() } }
}
