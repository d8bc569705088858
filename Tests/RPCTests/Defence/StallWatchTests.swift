internal import Testing

@testable internal import RPC

@Suite struct StallWatchTests {
  @Test("only a peer that takes nothing for the whole time has stalled")
  func stall() {
    let start = LoopTime.now
    func at(_ seconds: Int) -> LoopTime { start + .seconds(seconds) }
    var watch = StallWatch(limit: .seconds(8))
    let first = StallWatch.Mark(taken: 5, buffered: 0)
    let second = StallWatch.Mark(taken: 6, buffered: 0)
    #expect(watch.due == nil)
    let looks: [(mark: StallWatch.Mark?, second: Int, stalls: Bool, due: Int?)] = [
      (first, 0, false, 2), (first, 7, false, 9),
      // A byte is enough.
      (second, 7, false, 9), (second, 14, false, 16), (second, 15, true, 17),
      // Nothing waits any more.
      (nil, 16, false, nil),
    ]
    for look in looks {
      let stalls = watch.hasStalled(look.mark, at: at(look.second))
      #expect(stalls == look.stalls)
      #expect(watch.due == look.due.map(at))
    }
  }
}
