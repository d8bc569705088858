internal import Glibc
internal import Synchronization

/// A program that runs as a child of the test. It never outlives this object, and is always reaped.
public final class ChildProcess: Sendable {
  public enum Ending: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  private enum State {
    case running(pid_t)
    case ended(Ending)
  }

  private let state: Mutex<State>

  /// `posix_spawn_file_actions_addclosefrom_np`, which Glibc's module shows only to GNU sources.
  private static let addCloseFrom:
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32 = {
      let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
      guard let symbol else { preconditionFailure("glibc is older than 2.34") }
      return unsafeBitCast(
        symbol,
        to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self
      )
    }()

  /// Starts `program` with both its outputs appended to the file `output`.
  public init(_ program: String, _ arguments: [String], output: String) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A listening socket of this process' that a child keeps open cannot be bound anew.
    let refused = Self.addCloseFrom(&actions, 3)
    precondition(refused == 0, "a child cannot be kept from our files: error \(refused)")
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A thread of a pool may block signals; the child must hear SIGTERM.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let result = posix_spawn(&pid, program, &actions, &attributes, &words, environ)
    precondition(result == 0, "cannot start \(program): error \(result)")
    state = Mutex(.running(pid))
  }

  deinit { kill() }

  /// How it ended; nil while it runs.
  public func ending() -> Ending? { reap(WNOHANG) }

  /// Its process id; nil once it was seen to have ended.
  public var processID: Int32? {
    guard case .running(let pid) = state.withLock({ $0 }) else { return nil }
    return pid
  }

  /// Whether it drains on SIGTERM by now, rather than dying of it.
  public var handlesTermination: Bool {
    guard case .running(let pid) = state.withLock({ $0 }) else { return false }
    let caught = text(ofFile: "/proc/\(pid)/status").split(separator: "\n")
      .first { $0.hasPrefix("SigCgt:") }?
      .split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    return (caught ?? 0) & (1 << UInt64(SIGTERM - 1)) != 0
  }

  /// Ends it as a power cut would. Returns when it is gone.
  public func kill() {
    send(SIGKILL)
    _ = reap(0)
  }

  /// Asks it to drain and waits for its end; nil when it did not end, and was killed.
  public func terminate() async -> Ending? {
    send(SIGTERM)
    return await end()
  }

  /// Waits for its end; nil when it did not come, and it was killed.
  public func end() async -> Ending? {
    _ = await eventually { ending() != nil }
    defer { kill() }
    return ending()
  }

  private func send(_ signal: Int32) {
    state.withLock { state in
      if case .running(let pid) = state { _ = Glibc.kill(pid, signal) }
    }
  }

  private func reap(_ options: Int32) -> Ending? {
    state.withLock { state in
      guard case .running(let pid) = state else {
        if case .ended(let ending) = state { return ending }
        return nil
      }
      var status: Int32 = 0
      var result: pid_t
      repeat { result = waitpid(pid, &status, options) } while result < 0 && errno == EINTR
      guard result == pid else { return nil }
      // WIFEXITED, WEXITSTATUS and WTERMSIG are macros.
      let signal = status & 0x7f
      let ending: Ending = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
      state = .ended(ending)
      return ending
    }
  }
}

/// The directory that the test runs from: the executables of the same build are there.
public let buildDirectory: String = {
  var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = buffer.withUnsafeMutableBytes {
    readlink("/proc/self/exe", $0.bindMemory(to: CChar.self).baseAddress!, $0.count)
  }
  precondition(count > 0, "no /proc/self/exe")
  let path = String(decoding: buffer[..<count], as: UTF8.self)
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return String(path[..<slash])
}()

/// The text of a small file; empty where there is none.
public func text(ofFile path: String) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
    bytes += buffer[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}
