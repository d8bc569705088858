internal import Testing

@testable internal import RPC

@Suite struct HandlerPlacesTests {
  @Test("connections that take all they can get leave some for whoever comes after")
  func share() {
    let places = HandlerPlaces(1000)
    func takeAll() -> Int {
      var running = 0
      while running < 100, places.take(running: running) { running += 1 }
      return running
    }
    #expect((0..<6).map { _ in takeAll() } == [100, 100, 100, 100, 100, 100])
    var later: [Int] = []
    while later.last != 0 { later.append(takeAll()) }
    #expect(later.reduce(600, +) == 1000)
    #expect(later == later.sorted(by: >))
    #expect(later.count > 20)
  }

  @Test("a place given back is there again, and none is lost to those who are refused")
  func giveBack() {
    let places = HandlerPlaces(2)
    #expect((0..<4).map { _ in places.take(running: 0) } == [true, true, false, false])
    places.giveBack()
    #expect((0..<2).map { _ in places.take(running: 0) } == [true, false])
  }

  @Test("that no place is left is told once in a while")
  func telling() {
    let places = HandlerPlaces(0)
    #expect((0..<3).map { _ in places.shouldTell() } == [true, false, false])
  }
}
