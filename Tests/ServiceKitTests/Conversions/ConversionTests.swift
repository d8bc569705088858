internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@Suite("Domain and proto")
struct ConversionTests {
  @Test("the domain's numbers are the proto's")
  func numbers() {
    func same<P: Enumeration>(_ domain: [(Int32, String)], _ proto: P.Type, _ prefix: String) {
      #expect(domain.count == P.allKnown.count - 1)
      for (number, name) in domain {
        let letters = P(rawValue: number).name.dropFirst(prefix.utf8.count)
          .replacing("_", with: "").lowercased()
        #expect(letters == name.lowercased())
      }
    }
    same(
      ReasonCode.allCases.map { ($0.rawValue, "\($0)") }, CommonV1.ReasonCode.self, "REASON_CODE_")
    same(Severity.allCases.map { ($0.rawValue, "\($0)") }, CommonV1.Severity.self, "SEVERITY_")
    same(Action.allCases.map { ($0.rawValue, "\($0)") }, CommonV1.Action.self, "ACTION_")
    same(Verdict.allCases.map { ($0.rawValue, "\($0)") }, CommonV1.Verdict.self, "VERDICT_")
    same(Side.allCases.map { ($0.rawValue, "\($0)") }, CommonV1.Side.self, "SIDE_")
    same(EndReason.allCases.map { ($0.rawValue, "\($0)") }, EventV1.EndReason.self, "END_REASON_")
    same(
      RequestState.Name.allCases.map { ($0.rawValue, "\($0)") },
      CommonV1.AccessRequestState.self, "ACCESS_REQUEST_STATE_")
    for state in RequestState.Name.allCases {
      let name = CommonV1.AccessRequestState(state).name
      #expect(name == "ACCESS_REQUEST_STATE_" + state.protoName)
    }
  }

  @Test("times and durations come back, whatever they are")
  func times() {
    var random = TestGenerator.announced()
    for _ in 0..<1_000 {
      let moment = Timestamp(nanoseconds: .random(in: .min ... .max, using: &random))
      #expect(Timestamp(GoogleProtobuf.Timestamp(moment)) == moment)
      let duration = Duration.nanoseconds(Int64.random(in: .min ... .max, using: &random))
      let (seconds, attoseconds) = duration.components
      let message = GoogleProtobuf.Duration(
        seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
      #expect(Duration(message) == duration)
    }
  }

  @Test(
    "malformed durations are none",
    arguments: [(1, -1), (-1, 1), (0, 1_000_000_000), (0, -1_000_000_000)])
  func durations(_ seconds: Int64, _ nanos: Int32) {
    #expect(Duration(GoogleProtobuf.Duration(seconds: seconds, nanos: nanos)) == nil)
  }
}
