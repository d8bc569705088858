internal import RPC

/// Cases for a server that misbehaves; each has to be run against a server of the same case.
extension InteropCase {
  static let negative: [String: Body] = [
    "goaway": { test in
      try await test.largeCall()
      try await test.largeCall()
      return nil
    },
    "rst_after_header": { try await $0.failingCall() },
    "rst_during_data": { try await $0.failingCall() },
    "rst_after_data": { try await $0.failingCall() },
    "ping": { test in
      try await test.largeCall()
      return nil
    },
    "max_streams": { test in
      // The first one gives the server the time to say how many it wants at once.
      try await test.largeCall()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<10 { group.addTask { try await test.largeCall() } }
        try await group.waitForAll()
      }
      return nil
    },
  ]

  private func failingCall() async throws -> String? {
    let error = try await Self.failure(nil) { try await largeCall() }
    // The server's RST_STREAM, rather than a deadline or a broken connection.
    guard error.message.contains("reset the stream") else {
      throw Failure(description: "the call failed in another way: \(error)")
    }
    return "passed: \(error)"
  }
}
