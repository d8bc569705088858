internal import Domain
internal import Testing

@testable internal import Notify

@Suite struct LaneScheduleTests {
  private static let now = Timestamp(seconds: 1_800_000_000, nanos: 0)!

  @Test func `The lane that is due first comes first, and each with one worker at a time`() {
    var schedule = LaneSchedule()
    let lanes = (0..<5).map { Lane.mail("\($0)@acme.test") }
    for (index, lane) in lanes.enumerated().reversed() {
      schedule.set(lane, due: Self.now + .seconds(index))
    }
    #expect(schedule.next() == Self.now)
    #expect(schedule.take(at: Self.now + .seconds(1)) == lanes[0])
    #expect(schedule.take(at: Self.now + .seconds(1)) == lanes[1])
    #expect(schedule.take(at: Self.now + .seconds(1)) == nil)
    schedule.set(lanes[0], due: Self.now)
    #expect(schedule.take(at: Self.now + .seconds(1)) == nil, "it is with a worker")
    schedule.put(lanes[0], due: nil)
    #expect(schedule.take(at: Self.now + .seconds(1)) == lanes[0], "it was rung meanwhile")
    schedule.put(lanes[0], due: Self.now + .seconds(9))
    schedule.put(lanes[1], due: nil)
    #expect(schedule.busyCount == 0 && schedule.next() == Self.now + .seconds(2))
  }

  @Test func `An earlier moment replaces a later one, a later one nothing`() {
    var schedule = LaneSchedule()
    let lane = Lane.mail("a@acme.test")
    schedule.set(lane, due: Self.now + .seconds(5))
    schedule.set(lane, due: Self.now + .seconds(9))
    #expect(schedule.next() == Self.now + .seconds(5))
    schedule.set(lane, due: Self.now)
    #expect(schedule.take(at: Self.now) == lane)
    schedule.put(lane, due: nil)
    #expect(schedule.next() == nil && schedule.isEmpty, "what is out of date is skipped")
  }
}
