internal import Glibc
internal import RPC
internal import Synchronization

extension InteropCase {
  static let soaks: [String: Body] = [
    "rpc_soak": { test in
      try await test.soak { _ in try await test.soakCall(on: test.client) }
    },
    "channel_soak": { test in
      try await test.soak { _ in
        let client = try test.newClient()
        try await test.soakCall(on: client)
        await client.shutdown()
      }
    },
    "concurrent_large_unary": { try await $0.concurrentLargeUnary() },
  ]

  private func soakCall(on client: RPCClient) async throws {
    try await largeCall(on: client, request: requestBytes, response: responseBytes)
  }

  private final class Progress: Sendable {
    let calls = Atomic(0)
    /// Memory after the first tenth.
    let early = Atomic(0)
  }

  /// Runs so many calls, so many at once. Memory is looked at after the first tenth and at the end.
  private func soak(_ call: @escaping @Sendable (Int) async throws -> Void) async throws -> String?
  {
    let clock = ContinuousClock()
    let start = clock.now
    let progress = Progress()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<parallel {
        group.addTask {
          while true {
            let number = progress.calls.add(1, ordering: .relaxed).newValue
            guard number <= calls else { return }
            if number == calls / 10 + 1 {
              progress.early.store(Self.residentKiB, ordering: .relaxed)
            }
            try await call(number)
          }
        }
      }
      try await group.waitForAll()
    }
    return """
      passed: \(calls) calls in \(clock.now - start), resident \
      \(progress.early.load(ordering: .relaxed)) KiB after a tenth, \(Self.residentKiB) KiB at the end
      """
  }

  /// All calls at once on one client.
  private func concurrentLargeUnary() async throws -> String? {
    let clock = ContinuousClock()
    let start = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<calls { group.addTask { try await largeCall() } }
      try await group.waitForAll()
    }
    return "passed: \(calls) calls in \(clock.now - start), resident \(Self.residentKiB) KiB"
  }

  /// Memory of this process (proc(5), `statm`).
  private static var residentKiB: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * sysconf(Int32(_SC_PAGESIZE)) / 1024
  }
}
