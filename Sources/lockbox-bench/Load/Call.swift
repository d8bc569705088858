internal import RPC

/// One operation under way.
struct Call: Sendable {
  /// From 0, each once in a run, warm-up included.
  let number: Int
  /// Picks the connections to use.
  let lane: Int
  /// The number of its scenario in the mix.
  let scenario: Int
  /// When it should have begun.
  let due: Instant
  let segment: RunningSegment
  let clock: any LoadClock
  let recorder: Recorder

  /// Measures a part of the operation: one of its scenario's steps.
  func step<Value>(
    _ name: String, _ body: () async throws(RPCError) -> Value
  ) async throws(RPCError) -> Value {
    let begun = clock.now
    do throws(RPCError) {
      let value = try await body()
      recorder.record(step: name, of: self, took: clock.now - begun, nil)
      return value
    } catch {
      recorder.record(step: name, of: self, took: clock.now - begun, error)
      throw error
    }
  }
}
