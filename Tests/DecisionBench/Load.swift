internal import Glibc

/// What one kind of decision cost in one round.
struct Figures: Sendable {
  /// Microseconds of approvals' CPU time a decision.
  let processor: Double
  /// A second.
  let rate: Double
  /// Milliseconds of a decision as its caller sees it.
  let median: Double
  let p99: Double
}

struct Round: Sendable {
  let managers: Figures
  let customers: Figures
}

/// A closed loop: each caller begins its next call when the last one has ended.
enum Load {
  static let callers = 16

  /// Calls `body` for each index, and measures what a process spends meanwhile.
  static func measure(
    _ count: Int, of process: Int32, _ body: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> Figures {
    let next = Counter()
    let clock = ContinuousClock()
    let (before, begin) = (processorTime(of: process), clock.now)
    let times = try await withThrowingTaskGroup(of: [Duration].self) { tasks in
      for _ in 0..<callers {
        tasks.addTask {
          var times: [Duration] = []
          while true {
            let index = next.take()
            guard index < count else { return times }
            let start = clock.now
            try await body(index)
            times.append(clock.now - start)
          }
        }
      }
      return try await tasks.reduce(into: []) { $0 += $1 }
    }
    let (elapsed, spent) = (clock.now - begin, processorTime(of: process) - before)
    let sorted = times.map { $0 / .milliseconds(1) }.sorted()
    return Figures(
      processor: Double(spent) / 1_000 / Double(count),
      rate: Double(count) / (elapsed / .seconds(1)), median: sorted[sorted.count / 2],
      p99: sorted[sorted.count * 99 / 100])
  }

  /// Nanoseconds that all threads of a process have run for.
  static func processorTime(of process: Int32) -> UInt64 {
    guard let tasks = opendir("/proc/\(process)/task") else { return 0 }
    defer { closedir(tasks) }
    var sum: UInt64 = 0
    while let entry = readdir(tasks) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let line = firstLine(of: "/proc/\(process)/task/\(name)/schedstat")
      sum += line.split(separator: " ").first.flatMap { UInt64($0) } ?? 0
    }
    return sum
  }

  private static func firstLine(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
