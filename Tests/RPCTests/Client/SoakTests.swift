internal import Glibc
internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import RPC

/// The soak cases of gRPC's `doc/interop-test-descriptions.md`, shortened unless the environment
/// says otherwise: `RPC_SOAK_CALLS=100000 RPC_SOAK_CHANNELS=5000 RPC_SOAK_PARALLEL=1000`.
@Suite("Soak", .serialized, .timeLimit(.minutes(30)))
struct SoakTests {
  private static let request = Note(bytes: 271_828)
  private static let answer = Note(bytes: 314_159)

  private static func figure(_ name: String, otherwise standard: Int) -> Int {
    getenv(name).flatMap { Int(String(cString: $0)) } ?? standard
  }

  private static func pair() async throws -> Pair {
    var limits = ServerLimits.standard
    limits.requestBytes = 1 << 20
    var options = RPCClientOptions.impatient
    options.defaultTimeout = .seconds(600)
    limits.maximumDeadline = options.defaultTimeout
    return try await Pair(limits: limits, options: options) { router in
      router.unary(EchoService.echo) { request, _ in
        guard request.value.count == Self.request.value.count else { return request }
        return Self.answer
      }
    }
  }

  private static func large(_ client: RPCClient) async throws(RPCError) {
    let answer = try await client.unary(EchoService.echo, request)
    guard answer.value.count == Self.answer.value.count else {
      throw RPCError(.internal, "\(answer.value.count) bytes in answer")
    }
  }

  /// Runs `body` once to warm up and once in full, and holds the memory after the two together.
  private static func flat(
    _ name: String, warmUp: Int, count: Int, allowed: Int = 64 << 20,
    _ body: (Int) async throws -> Void
  ) async throws {
    try await body(warmUp)
    let before = residentBytes()
    let begin = ContinuousClock.now
    try await body(count)
    let after = residentBytes()
    print(
      "\(name): \(count) in \(ContinuousClock.now - begin), resident \(before >> 20) MiB before,"
        + " \(after >> 20) MiB after")
    #expect(after - before < allowed, "\(name) grew by \(after - before) bytes")
  }

  /// The process's resident memory, once malloc has given back what it keeps for later: with all
  /// calls at once that is hundreds of MiB.
  private static func residentBytes() -> Int {
    trim()
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    // Pages: the whole process, then what is resident.
    let fields = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
      separator: " ")
    return (Int(fields[1]) ?? 0) * Int(getpagesize())
  }

  /// glibc's `malloc_trim`, which its Swift module does not show.
  private static func trim() {
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    // Cast: the type is the one that malloc_trim(3) gives.
    _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
  }

  @Test("rpc_soak: call after call on one channel, large ones and small ones")
  func calls() async throws {
    let count = Self.figure("RPC_SOAK_CALLS", otherwise: 1_000)
    let pair = try await Self.pair()
    let client = pair.client
    try await Self.flat("rpc_soak", warmUp: max(count / 20, 100), count: count) { count in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<8 {
          group.addTask(executorPreference: worker < 4 ? client.taskExecutor : nil) {
            for number in stride(from: worker, to: count, by: 8) {
              if number % 4 == 0 {
                try await Self.large(client)
              } else {
                let note = Note("\(number)")
                #expect(try await client.unary(EchoService.echo, note) == note)
              }
            }
          }
        }
        try await group.waitForAll()
      }
    }
    try await expectNothingLeft(in: client)
    try await pair.end()
  }

  @Test("channel_soak: a new channel for each call")
  func channels() async throws {
    let count = Self.figure("RPC_SOAK_CHANNELS", otherwise: 100)
    let pair = try await Self.pair()
    let template = pair.client
    try await Self.flat("channel_soak", warmUp: max(count / 20, 20), count: count) { count in
      for _ in 0..<count {
        let client = RPCClient(
          target: template.target, tls: template.pool.tls, expecting: template.pool.peer,
          options: template.options, eventLoopGroup: template.pool.loop)
        try await Self.large(client)
        await client.shutdown()
      }
    }
    try await pair.end()
  }

  @Test("concurrent_large_unary: all at once on one channel")
  func parallel() async throws {
    let count = Self.figure("RPC_SOAK_PARALLEL", otherwise: 200)
    let pair = try await Self.pair()
    let client = pair.client
    try await Self.flat("concurrent_large_unary", warmUp: count, count: count) { count in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<count { group.addTask { try await Self.large(client) } }
        try await group.waitForAll()
      }
    }
    try await expectNothingLeft(in: client)
    try await pair.end()
  }
}
