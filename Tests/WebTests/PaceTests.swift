internal import NIOCore
internal import Testing

@testable internal import Web

@Suite("The pace of a connection")
struct PaceTests {
  private let limits = WebLimits()

  private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

  @Test("each turn has its own limit, and only the newest counts")
  func turns() {
    var pace = Pace(limits)
    #expect(pace.deadline == nil && pace.failing(at: at(1_000)) == nil)
    pace.handshakeEnded(at: at(0))
    #expect(pace.deadline == at(10) && pace.failing(at: at(9)) == nil)
    #expect(pace.failing(at: at(10)) == .head)
    // Bytes of the head do not extend it.
    pace.bytesCame(at: at(9))
    #expect(pace.deadline == at(10))
    pace.headCame(at: at(9))
    #expect(pace.deadline == at(39) && pace.failing(at: at(39)) == .body)
    pace.requestEnded(at: at(20))
    #expect(pace.deadline == at(110) && pace.failing(at: at(110)) == .answer)
    pace.willSend(at: at(21))
    pace.sent(at: at(21))
    pace.answered(at: at(21))
    #expect(pace.deadline == at(81) && pace.failing(at: at(81)) == .idle)
    pace.bytesCame(at: at(80))
    #expect(pace.deadline == at(90) && pace.failing(at: at(90)) == .head)
  }

  @Test("a caller who takes nothing is not waited for; one who takes a little is")
  func stall() {
    var pace = Pace(limits)
    pace.handshakeEnded(at: at(0))
    pace.headCame(at: at(1))
    pace.requestEnded(at: at(2))
    pace.willSend(at: at(3))
    pace.willSend(at: at(4))
    #expect(pace.failing(at: at(32)) == nil && pace.failing(at: at(33)) == .stall)
    pace.sent(at: at(32))
    #expect(pace.failing(at: at(61)) == nil && pace.failing(at: at(62)) == .stall)
    pace.sent(at: at(40))
    #expect(pace.failing(at: at(80)) == nil)
  }

  @Test("an answer of our own is said only where no other is on its way")
  func between() {
    var pace = Pace(limits)
    #expect(!pace.isBetweenAnswers)
    pace.handshakeEnded(at: at(0))
    #expect(pace.isBetweenAnswers)
    pace.headCame(at: at(1))
    pace.requestEnded(at: at(1))
    #expect(!pace.isBetweenAnswers)
    pace.answered(at: at(2))
    #expect(pace.isBetweenAnswers)
  }
}
