internal import Domain
internal import TestKit
internal import Testing

@testable internal import Notify

@Suite struct TrafficTests {
  private static let now = Samples.now

  @Test func `After five failures in a row one probes, later and later`() {
    var random = TestGenerator(seed: 1)
    var circuit = Circuit()
    for _ in 0..<4 {
      #expect(circuit.admit(Self.now) == .now)
      circuit.failed(Self.now, using: &random)
    }
    circuit.succeeded()
    for _ in 0..<5 {
      #expect(circuit.admit(Self.now) == .now)
      circuit.failed(Self.now, using: &random)
    }
    var now = Self.now
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
      guard case .at(let moment) = circuit.admit(now) else {
        return #expect(Bool(false), "the circuit is open")
      }
      let wait = moment - now
      #expect(wait >= .seconds(seconds) * 0.8 && wait <= .seconds(seconds) * 1.2)
      now = moment
      #expect(circuit.admit(now) == .now)
      #expect(circuit.admit(now) == .at(now + .seconds(1)), "one probes")
      circuit.failed(now, using: &random)
    }
    guard case .at(let moment) = circuit.admit(now) else { return #expect(Bool(false)) }
    #expect(circuit.admit(moment) == .now)
    circuit.untried()
    #expect(circuit.admit(moment) == .now, "whoever had nothing to send lets others probe")
    circuit.succeeded()
    #expect(circuit.admit(moment) == .now && circuit.admit(moment) == .now)
  }

  @Test func `Attempts that fail all at once make no longer wait than one after the other`() {
    var random = TestGenerator(seed: 1)
    var circuit = Circuit()
    for _ in 0..<16 { #expect(circuit.admit(Self.now) == .now) }
    for _ in 0..<16 { circuit.failed(Self.now, using: &random) }
    guard case .at(let moment) = circuit.admit(Self.now) else {
      return #expect(Bool(false), "the circuit is open")
    }
    #expect(moment - Self.now <= .seconds(1.2))
  }

  @Test func `A clock that was set back does not keep the circuit open`() {
    var random = TestGenerator(seed: 1)
    var circuit = Circuit()
    for _ in 0..<5 { circuit.failed(Self.now, using: &random) }
    #expect(circuit.admit(Self.now - .hours(5)) == .now)
  }

  @Test func `A bucket gives a burst, then at its rate, and never more`() {
    let rate = Throttle.Rate(burst: 3, perMinute: 60)
    var throttle = Throttle(rate, at: Self.now)
    for _ in 0..<3 { #expect(throttle.take(rate, at: Self.now) == .now) }
    guard case .at(let moment) = throttle.take(rate, at: Self.now) else {
      return #expect(Bool(false), "it is empty")
    }
    #expect(moment - Self.now <= .seconds(1) + .milliseconds(1))
    #expect(throttle.take(rate, at: moment) == .now)
    let later = moment + .hours(1)
    #expect(throttle.isFull(rate, at: later))
    for _ in 0..<3 { #expect(throttle.take(rate, at: later) == .now) }
    #expect(throttle.take(rate, at: later) != .now)
    #expect(throttle.take(rate, at: later - .hours(5)) != .now, "a clock that was set back")
  }

  @Test func `Mails share a circuit, channels have their own pace`() {
    var random = TestGenerator(seed: 1)
    let traffic = Traffic(mailRate: .init(burst: 100, perMinute: 100))
    let channel = Lane.channel(.make(at: Self.now))
    for index in 0..<5 {
      let lane = Lane.mail("r\(index)@acme.test")
      #expect(traffic.admit(lane, at: Self.now) == .now)
      traffic.tell(.deferred("down"), on: lane, at: Self.now, using: &random)
    }
    #expect(traffic.isMailDown)
    #expect(traffic.admit(.mail("other@acme.test"), at: Self.now) != .now)
    #expect(traffic.admit(channel, at: Self.now) == .now)
    traffic.tell(.refused("550"), on: .mail("a@b"), at: Self.now, using: &random)
    #expect(!traffic.isMailDown, "a server that refuses a mail is well")
    var taken = 1
    while traffic.admit(channel, at: Self.now) == .now { taken += 1 }
    #expect(taken == 10)
  }
}
