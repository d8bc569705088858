internal import Glibc
internal import TestKit

/// `receipt-bench [<seconds> [<events a second> [<receipts a second> [<tenants>]]]]`: how long after
/// its commit a decision's receipt comes, while events flow in: a feed of this process's own, and
/// lockbox-audit as a process of its own behind it.
///
/// Needs lockbox-audit beside it; keeps its data in $TMPDIR.
@main
struct ReceiptBench {
  static func main() async {
    let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let seconds = numbers.first ?? 30
    let rate = numbers.dropFirst().first ?? 5_000
    let receipts = numbers.dropFirst(2).first ?? 500
    let tenants = numbers.dropFirst(3).first ?? 100
    do {
      let flow = try await Flow(tenants: tenants)
      say("limit: \(try Limits.sync(in: flow.directory.path))")
      try await flow.warmUp()
      let result = try await flow.run(for: seconds, rate: rate, receipts: receipts)
      for line in result.lines { say(line) }
      await flow.stop()
    } catch {
      say("failed: \(error)")
      exit(1)
    }
  }
}

func say(_ line: String) {
  print(line)
  fflush(nil)
}

/// Durations of one kind.
struct Times {
  private let sorted: [Duration]

  init(_ times: [Duration]) { sorted = times.sorted() }

  var count: Int { sorted.count }

  var text: String {
    guard let longest = sorted.last else { return "none" }
    let marks = [(50, "p50"), (95, "p95"), (99, "p99")].map { percent, name in
      "\(name) \(milliseconds(sorted[sorted.count * percent / 100]))"
    }
    return (marks + ["longest \(milliseconds(longest))"]).joined(separator: ", ")
  }

  private func milliseconds(_ duration: Duration) -> String {
    "\((duration / .microseconds(10)).rounded() / 100) ms"
  }
}

/// What the machine gives.
enum Limits {
  /// Of a write of 4 KiB into a file's zeros, with its sync: a receipt takes two of them.
  static func sync(in directory: String) throws -> String {
    let descriptor = open(directory + "/sync", O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0 else { return "no file" }
    defer { close(descriptor) }
    let zeros = [UInt8](repeating: 0, count: 4 << 20)
    _ = write(descriptor, zeros, zeros.count)
    fdatasync(descriptor)
    let page = [UInt8](repeating: 1, count: 4_096)
    let times = (0..<1_000).map { number in
      ContinuousClock().measure {
        _ = pwrite(descriptor, page, page.count, number * page.count)
        fdatasync(descriptor)
      }
    }
    return "a write of 4 KiB with fdatasync: \(Times(times).text)"
  }
}
