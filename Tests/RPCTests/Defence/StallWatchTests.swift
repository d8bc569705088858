internal import Testing

@testable internal import RPC

@Suite struct StallWatchTests {
  @Test("only a peer that takes nothing for the whole time has stalled")
  func stall() {
    let start = LoopTime.now
    func at(_ seconds: Int) -> LoopTime { start + .seconds(seconds) }
    var watch = StallWatch(limit: .seconds(10))
    let first = StallWatch.Mark(taken: 5, buffered: 0)
    let second = StallWatch.Mark(taken: 6, buffered: 0)
    #expect(watch.due == nil)
    let looks: [(mark: StallWatch.Mark?, second: Int, stalls: Bool, due: Int?)] = [
      (first, 0, false, 10), (first, 9, false, 10),
      // A byte is enough.
      (second, 9, false, 19), (second, 18, false, 19), (second, 19, true, 19),
      // Nothing waits any more.
      (nil, 20, false, nil),
    ]
    for look in looks {
      let stalls = watch.hasStalled(look.mark, at: at(look.second))
      #expect(stalls == look.stalls)
      #expect(watch.due == look.due.map(at))
    }
  }
}
