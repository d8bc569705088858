internal import Glibc
internal import ReferenceTree
internal import TemporaryFiles
internal import Testing

/// The store in a process of its own, whose system calls strace lets fail or watches.
@Suite("System calls of the log store", .serialized)
struct SystemCallTests {
  @Test(
    "killed at, or failed by, any system call of appends and upkeep, nothing acknowledged is lost")
  func everyCall() async throws {
    guard isTraceable else { return }
    let calls = ["pwrite64", "fdatasync", "ftruncate", "rename", "fsync"]
    let faults = ["signal=KILL", "error=EIO", "error=ENOSPC"]
    var runs = 0
    var ends: Set<UInt64> = []
    for call in calls {
      for fault in faults {
        for occurrence in [1, 2, 3, 5, 7, 20] {
          try withFolder { folder in
            let trace =
              "-f -qq -o /dev/null -e trace=\(call) -e inject=\(call):\(fault):when=\(occurrence)"
            let output = run("strace \(trace) \(program) append \(folder)/log 130")
            let acknowledged = numbers(output, after: "acknowledged ")
            // What a failed call ended is found whole again, without the fault.
            let again = run("\(program) append \(folder)/log 3")
            let found = try #require(numbers(again, after: "found ").first)
            #expect(found >= UInt64(acknowledged.count), "\(call) \(fault) \(occurrence)")
            #expect(numbers(again, after: "acknowledged ").count == 3)
            let check = run("\(program) check \(folder)/log")
            #expect(numbers(check, after: "entries ").first == found + 3, "\(check)")
            #expect(!check.contains("fault:"), "\(check)")
            runs += 1
            ends.insert(UInt64(acknowledged.count))
          }
        }
      }
    }
    print("\(runs) runs ended after \(ends.sorted()) acknowledgements")
    #expect(ends.count > 3)
  }

  @Test("fdatasync returns before the acknowledgement is written: 1,000 of 1,000")
  func order() async throws {
    guard isTraceable else { return }
    try withFolder { folder in
      let trace = "\(folder)/trace"
      _ = run(
        "strace -f -qq -e trace=fdatasync,write,pwrite64 -e write=1 -o \(trace) "
          + "\(program) append \(folder)/log 1000")
      var isSynced = false
      var right = 0
      for line in run("cat \(trace)").split(separator: "\n") {
        if line.contains("pwrite64(") && !line.contains("LBHEAD1") { isSynced = false }
        if line.contains("fdatasync") && line.hasSuffix("= 0") { isSynced = true }
        if line.contains("write(1, \"acknowledged ") && isSynced { right += 1 }
      }
      #expect(right == 1_000)
      unlink(trace)
    }
  }

  private let program = buildDirectory + "/log-bench"

  /// Says why these tests are left out where strace is not there or may not trace.
  private var isTraceable: Bool {
    let works = run("strace -f -qq -o /dev/null -e trace=write echo traced").contains("traced")
    if !works { print("skipped: strace is missing or may not trace here") }
    return works
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = TemporaryDirectory()
    try withExtendedLifetime(folder) { try body(folder.path) }
  }

  /// What a command prints, as far as it comes.
  private func run(_ command: String) -> String {
    guard let pipe = popen(command + " 2>/dev/null", "r") else { return "" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The numbers behind a word at the beginning of a line.
  private func numbers(_ output: String, after word: String) -> [UInt64] {
    output.split(separator: "\n").filter { $0.hasPrefix(word) }
      .compactMap { UInt64($0.dropFirst(word.utf8.count).prefix { $0.isNumber }) }
  }
}

/// Where the executables of this build are.
private let buildDirectory: String = {
  var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = buffer.withUnsafeMutableBytes {
    readlink("/proc/self/exe", $0.bindMemory(to: CChar.self).baseAddress!, $0.count)
  }
  let path = String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
  return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}()
