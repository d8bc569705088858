internal import NIOCore
internal import Testing

@testable internal import RPC

@Suite("The deadline queue")
struct DeadlineQueueTests {
  private func call(_ deadline: NIODeadline) -> ClientCall {
    ClientCall(
      ClientCall.Request(path: "/a/b", metadata: [:], message: []), deadline: deadline,
      timeout: nil, waitForReady: false, retry: nil, maximumResponseBytes: 0)
  }

  @Test("calls come out by deadline, whatever was inserted and removed between", arguments: 1...20)
  func order(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var queue = DeadlineQueue()
    var live: [ClientCall] = []
    for _ in 0..<500 {
      if !live.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
        let gone = live.remove(at: Int.random(in: 0..<live.count, using: &random))
        queue.remove(gone)
        queue.remove(gone)
        #expect(gone.deadlineIndex == nil)
      } else {
        let nanoseconds = UInt64.random(in: 0..<100, using: &random)
        let added = call(.uptimeNanoseconds(nanoseconds))
        live.append(added)
        queue.insert(added)
      }
    }
    var deadlines: [NIODeadline] = []
    while let first = queue.first {
      deadlines.append(first.deadline)
      queue.remove(first)
    }
    #expect(deadlines == live.map(\.deadline).sorted(), "seed \(seed)")
    #expect(queue.isEmpty)
  }
}
