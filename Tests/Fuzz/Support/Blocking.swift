internal import Dispatch

/// Waits for an asynchronous result: for what a fuzzer prepares before its first input.
public func blocking<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result
) -> Result {
  let box = Box<Result>()
  let done = DispatchSemaphore(value: 0)
  Task {
    do { box.value = try await body() } catch { fatalError("cannot prepare: \(error)") }
    done.signal()
  }
  done.wait()
  return box.value!
}

// Unchecked: written before the semaphore is signalled, read after.
private final class Box<Value>: @unchecked Sendable {
  var value: Value?
}
