internal import Glibc

/// A program that was started, with its output in files.
struct ChildProcess {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let id: pid_t
  let output: String
  let log: String

  /// - Parameters:
  ///   - files: where its output goes: this name with `.out` and `.log`.
  ///   - isIdle: it runs only where nobody else wants to (SCHED_IDLE), like a peer that has a machine
  ///     of its own.
  init(_ arguments: [String], files: String, isIdle: Bool = false) throws {
    output = files + ".out"
    log = files + ".log"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, path) in [(STDOUT_FILENO, output), (STDERR_FILENO, log)] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    let all = isIdle ? ["/usr/bin/chrt", "--idle", "0"] + arguments : arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    var id: pid_t = 0
    let result = posix_spawn(&id, all[0], &actions, nil, pointers, environ)
    guard result == 0 else {
      throw Failure(
        description: "\(arguments[0]) cannot be started: \(String(cString: strerror(result)))")
    }
    self.id = id
  }

  /// Whether it runs; one that has ended is collected.
  var isRunning: Bool { waitpid(id, nil, WNOHANG) == 0 }

  func signal(_ number: Int32) { kill(id, number) }

  /// Waits for its end for so long, then makes one.
  func end(within limit: Duration) async {
    let last = ContinuousClock.now + limit
    while isRunning {
      if ContinuousClock.now > last { signal(SIGKILL) }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Resident bytes.
  var residentBytes: Int {
    let status = (try? Self.contents(of: "/proc/\(id)/status")) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }

  /// A whole file as text.
  static func contents(of path: String) throws -> String {
    guard let file = fopen(path, "r") else {
      throw Failure(description: "\(path) cannot be read")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
