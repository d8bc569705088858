/// Where a call stands in its trace: set by `TracingInterceptor`.
public enum TraceContextKey: ContextKey {
  public typealias Value = TraceContext
}

/// Continues the caller's trace, or begins one, and hands it on under `TraceContextKey`.
///
/// Source: W3C Trace Context, level 1.
public struct TracingInterceptor: ServerInterceptor {
  private let makeRandom: @Sendable () -> any RandomNumberGenerator

  public init() {
    self.init { SystemRandomNumberGenerator() }
  }

  /// For repeatable ids.
  init(random: @escaping @Sendable () -> any RandomNumberGenerator) {
    makeRandom = random
  }

  public nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    var context = context
    var random = AnyRandom(base: makeRandom())
    // Several are malformed, as one that does not parse is (W3C Trace Context §3.2).
    let received = context.metadata.all("traceparent")
    let caller = received.count == 1 ? TraceContext(traceparent: received[0]) : nil
    context[TraceContextKey.self] =
      caller?.child(using: &random) ?? TraceContext(isSampled: true, using: &random)
    try await next(context)
  }

  private struct AnyRandom: RandomNumberGenerator {
    var base: any RandomNumberGenerator

    mutating func next() -> UInt64 { base.next() }
  }
}
