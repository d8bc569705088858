internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import Audit

@Suite("Events to be logged")
struct LoggedEventTests {
  private static let event = EventV1.Event(
    feed: "approvals", sequence: 7, eventID: "01899e56-0000-7000-8000-000000000001",
    time: GoogleProtobuf.Timestamp(seconds: 5, nanos: 6), tenantID: "acme",
    requestID: "01899e56-0000-7000-8000-000000000002", payload: .grantEnded(.init()))

  @Test("the envelope is read, the bytes are kept")
  func envelope() throws {
    let bytes = serialized(Self.event)
    let event = try LoggedEvent(logged: bytes)
    #expect(event.id == EventID("01899e56-0000-7000-8000-000000000001"))
    #expect(event.log == .acme)
    #expect(event.time == Timestamp(nanoseconds: 5_000_000_006))
    #expect(event.request == RequestID("01899e56-0000-7000-8000-000000000002"))
    #expect(event.kind == .grantEnded)
    #expect(event.bytes == bytes)
  }

  @Test("an event of no tenant is the provider's, one with a newer payload is logged all the same")
  func provider() throws {
    var event = Self.event
    event.tenantID = ""
    event.requestID = ""
    event.payload = nil
    // Field 99, length-delimited, two bytes: a payload that this program does not know.
    let bytes = serialized(event) + [0x9A, 0x06, 0x02, 0x08, 0x01]
    let logged = try LoggedEvent(logged: bytes)
    #expect(logged.log == .provider && logged.request == nil && logged.kind == nil)
    #expect(logged.bytes == bytes)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let reason: EventFault
    let change: @Sendable (inout EventV1.Event) -> Void
    var testDescription: String { reason.description }
  }

  @Test(
    "an envelope that breaks the contract is refused for what it is",
    arguments: [
      Fault(reason: .eventID) { $0.eventID = "" },
      Fault(reason: .eventID) { $0.eventID = "01899e56-0000-4000-8000-000000000001" },
      Fault(reason: .tenantID) { $0.tenantID = "Acme" },
      Fault(reason: .tenantID) { $0.tenantID = "acme/globex" },
      Fault(reason: .requestID) { $0.requestID = "7" },
      Fault(reason: .time) { $0.time = nil },
      Fault(reason: .time) { $0.time = .init(seconds: 1, nanos: -1) },
    ])
  func faults(fault: Fault) {
    var event = Self.event
    fault.change(&event)
    #expect(throws: fault.reason) { try LoggedEvent(logged: serialized(event)) }
  }

  @Test("bytes that are no event are refused")
  func noise() {
    #expect(throws: EventFault.self) {
      try LoggedEvent(logged: [0xFF, 0xFF])
    }
  }

  @Test("kinds have the numbers and names of the payload's fields")
  func kinds() {
    for kind in EntryKind.allCases { #expect(EntryKind(name: kind.name) == kind) }
    #expect(EntryKind(name: "decisionRecorded") == nil && EntryKind(name: "") == nil)
    #expect(EntryKind(.deadlineFired(.init())).rawValue == 34)
    #expect(EntryKind(.accessRequestReceived(.init())).rawValue == 20)
  }

  @Test("every log has an origin of its own, whatever a tenant is called")
  func origins() throws {
    let origins = try #require(Origins(prefix: "log.example/lockbox"))
    #expect(origins.origin(of: .acme).rawValue == "log.example/lockbox/acme")
    #expect(origins.origin(of: .provider).rawValue == "log.example/lockbox/provider")
    let namesake = try #require(LogName(tenantID: "provider"))
    #expect(origins.origin(of: namesake).rawValue == "log.example/lockbox/tenant/provider")
    #expect(Origins(prefix: "log example") == nil && Origins(prefix: "") == nil)
  }
}
