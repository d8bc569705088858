internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

@Suite("Enums")
struct EnumerationTests {
  @Test("every state has its name and number, there and back")
  func states() {
    let names = CommonV1.AccessRequestState.allKnown.map(\.name)
    #expect(names.count == 10)
    #expect(names.first == "ACCESS_REQUEST_STATE_UNSPECIFIED")
    #expect(CommonV1.AccessRequestState.awaitingCustomer.rawValue == 3)
    for state in CommonV1.AccessRequestState.allKnown {
      #expect(CommonV1.AccessRequestState(rawValue: state.rawValue) == state)
      #expect(CommonV1.AccessRequestState(name: state.name) == state)
    }
  }

  @Test("an unknown number keeps itself and has no name in the proto")
  func unknown() {
    let state = CommonV1.AccessRequestState(rawValue: 77)
    #expect(state == .unrecognized(77))
    #expect(state.rawValue == 77)
    #expect(state.name == "77")
    #expect(CommonV1.AccessRequestState(name: "77") == nil)
    #expect(CommonV1.AccessRequestState(name: "ACCESS_REQUEST_STATE_OPEN") == nil)
  }

  @Test("names without the enum's prefix are kept, keywords too")
  func names() {
    #expect(TestingV1.Plain.allKnown == [.none, .default])
    #expect(TestingV1.Colour.allKnown == [.unspecified, .red, .ultraViolet, .infraRed])
    #expect(GrpcHealthV1.HealthCheckResponse.ServingStatus.notServing.rawValue == 2)
  }

  @Test("a oneof's member knows its field's name")
  func oneofNames() {
    #expect(Samples.opened.payload?.fieldName == "stage_opened")
    #expect(EventV1.Event.Payload.fieldNames.contains("decision_recorded"))
  }
}
