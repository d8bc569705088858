internal import Glibc

/// A running rpc-interop-server, and what it tells of itself.
struct ServerUnderTest {
  let process: ChildProcess
  let port: Int

  init(program: String, pki: HostilePKI, name: String, asksForCertificates: Bool) async throws {
    var arguments = [
      program, "--port", "0", "--cert", pki.path("server.pem"), "--key", pki.path("server.key"),
      "--log-level", "info",
    ]
    if asksForCertificates { arguments += ["--client-ca", pki.path("ca.pem")] }
    process = try ChildProcess(arguments, files: pki.path(name))
    let greeting = "listening on 127.0.0.1:"
    let limit = ContinuousClock.now + .seconds(30)
    while true {
      let line = try ChildProcess.contents(of: process.output).split(separator: "\n").first
      if let line, line.hasPrefix(greeting), let port = Int(line.dropFirst(greeting.count)) {
        self.port = port
        return
      }
      guard process.isRunning, ContinuousClock.now < limit else {
        throw ChildProcess.Failure(description: "the server did not start; see \(process.log)")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Connections ended by a defence: by the server's counters, and by the lines of its log.
  struct Account {
    var counted: [String: Int] = [:]
    var logged: [String: Int] = [:]
  }

  /// Asks for the counters, and reads the log.
  func account() async throws -> Account {
    let marker = "message=\"counters\""
    process.signal(SIGUSR1)
    let limit = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < limit {
      let lines = try ChildProcess.contents(of: process.log).split(separator: "\n")
      if let counters = lines.last(where: { $0.contains(marker) }) {
        return Account(counted: Self.counters(counters), logged: Self.lines(lines))
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ChildProcess.Failure(description: "the server tells no counters")
  }

  /// `ended_pings="12"` and the like.
  private static func counters(_ line: Substring) -> [String: Int] {
    var counts: [String: Int] = [:]
    for field in line.split(separator: " ") where field.hasPrefix("ended_") {
      let parts = field.dropFirst("ended_".count).split(separator: "=")
      guard parts.count == 2 else { continue }
      counts[String(parts[0])] = Int(parts[1].filter(\.isNumber))
    }
    return counts
  }

  /// Lines with a field `defence`, and what their field `unlogged` says went without one.
  private static func lines(_ lines: [Substring]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for line in lines {
      guard let start = line.range(of: " defence=\"") else { continue }
      counts[String(line[start.upperBound...].prefix { $0 != "\"" }), default: 0] += 1
    }
    return counts
  }
}

extension Substring {
  /// Where the text begins and ends; this module has no Foundation.
  fileprivate func range(of text: String) -> Range<Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) {
        return index..<self.index(index, offsetBy: text.count)
      }
      formIndex(after: &index)
    }
    return nil
  }
}
