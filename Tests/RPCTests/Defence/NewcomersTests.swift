internal import Testing

@testable internal import RPC

@Suite struct NewcomersTests {
  private final class Thing {}
  private let things = (0..<5).map { _ in Thing() }

  private func id(_ index: Int) -> ObjectIdentifier { ObjectIdentifier(things[index]) }

  @Test("the oldest that is still there is taken, each once")
  func order() {
    var newcomers = Newcomers()
    for index in things.indices { newcomers.add(id(index)) }
    newcomers.remove(id(0))
    newcomers.remove(id(2))
    #expect(newcomers.count == 3)
    #expect((0..<4).map { _ in newcomers.takeOldest() } == [id(1), id(3), id(4), nil])
    #expect(newcomers.count == 0)
  }

  @Test("whoever comes in the place of one that went is the newest")
  func placeTakenAgain() {
    var newcomers = Newcomers()
    newcomers.add(id(0))
    newcomers.add(id(1))
    newcomers.remove(id(0))
    newcomers.add(id(0))
    #expect((0..<3).map { _ in newcomers.takeOldest() } == [id(1), id(0), nil])
  }

  @Test("many come and go behind one that stays")
  func oneStays() {
    var newcomers = Newcomers()
    newcomers.add(id(0))
    for _ in 0..<10_000 {
      newcomers.add(id(1))
      newcomers.remove(id(1))
    }
    newcomers.add(id(2))
    #expect(newcomers.count == 2)
    #expect([newcomers.takeOldest(), newcomers.takeOldest()] == [id(0), id(2)])
  }
}
