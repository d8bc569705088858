internal import Domain
internal import LockboxProto
internal import LogFormats
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import Synchronization

@testable internal import Export

extension TenantID {
  static let acme = TenantID("acme")!
}

extension Destination {
  static func sample(
    _ name: String, id: DestinationID? = nil, tenant: TenantID? = .acme,
    target: Target = .syslog(Address(host: "localhost", port: 6514), .cef),
    kinds: Set<String> = [], paused: Bool = false, at time: Timestamp
  ) -> Destination {
    Destination(
      id: id ?? .make(at: time), tenant: tenant, name: name, target: target, kinds: kinds,
      includesTexts: false, isPaused: paused, authorities: "", created: time, updated: time,
      version: 1)
  }
}

extension StoredDeadLetter {
  static func sample(_ index: UInt64) -> StoredDeadLetter {
    StoredDeadLetter(
      index: index, event: [7], givenUp: .epoch, attempts: 2, lastFailure: "no",
      isRetrying: false)
  }
}

/// An event of acme's log, told apart by its number.
func sampleEvent(_ number: UInt64, at time: Timestamp, revoked: Bool = false) -> [UInt8] {
  let payload: EventV1.Event.Payload =
    revoked
    ? .grantRevoked(.init(grantID: "g\(number)", comment: "secret"))
    : .accessRequestWithdrawn(.init(comment: "secret"))
  let event = EventV1.Event(
    feed: "approvals", sequence: number, eventID: EventID.make(at: time).description,
    time: .init(nanosecondsSinceEpoch: time.nanoseconds), tenantID: "acme", payload: payload)
  return try! event.serialized()
}

/// Answers as it was told to, and keeps what it was sent.
final class ScriptedSender: DeliverySender {
  private let script = Mutex<[SendingResult]>([])
  private let sent = Mutex<[[EntryRecord]]>([])

  /// What the next calls answer; after that everything is delivered.
  func answer(_ results: SendingResult...) { script.withLock { $0 += results } }

  var calls: [[EntryRecord]] { sent.withLock { $0 } }
  /// The indexes of what was delivered, in the order of delivery.
  let delivered = Mutex<[UInt64]>([])

  func send(_ records: [EntryRecord], isBeside: Bool = false) async -> SendingResult {
    sent.withLock { $0.append(records) }
    let result = script.withLock { script in
      script.isEmpty ? SendingResult(delivered: records.count) : script.removeFirst()
    }
    delivered.withLock { $0 += records.prefix(result.delivered).map(\.index) }
    return result
  }

  func close() async {}
}
