public import Domain
public import LockboxProto
internal import ProtobufC

/// Whether the texts that people wrote go along: justifications, comments, questions and answers.
/// They are the content of a log; all else in it are names, times and verdicts.
public enum TextRule: Sendable, Hashable {
  case withheld
  case included
}

/// One entry of a log as the formats see it: its event as a tree, with the accepted request in it
/// unfolded. Texts that are withheld are gone before any format sees the entry.
public struct EntryRecord: Sendable, Hashable {
  /// 0-based in its log.
  public let index: UInt64
  /// Empty: the provider's own log.
  public let tenant: String
  /// The payload's field name (`decision_recorded`, …); `unknown` for one of a newer service.
  public let kind: String
  public let eventID: String
  public let texts: TextRule
  /// ProtoJSON's names and values; `accessRequest` is an object in place of its bytes.
  let tree: ValueTree
  /// The member of `tree` that is the payload.
  let payload: ValueTree

  /// - Parameter event: the entry's bytes as logged.
  public init(index: UInt64, event bytes: [UInt8], texts: TextRule) throws {
    // Our own services' events may hold a whole policy: the wider limits.
    try self.init(
      index: index, event: try EventV1.Event(serialized: bytes, limits: .response), texts: texts)
  }

  public init(index: UInt64, event: EventV1.Event, texts: TextRule) throws {
    self.index = index
    self.texts = texts
    tenant = event.tenantID
    kind = event.payload?.fieldName ?? EventMeaning.unknownKind
    eventID = event.eventID
    var tree = try event.tree(.json)
    if case .accessRequestReceived(let received) = event.payload {
      let request = try? CommonV1.AccessRequest(
        serialized: received.accessRequest, limits: .response)
      // Bytes that nobody can read may hold what is withheld.
      tree =
        if let request { tree.replacing("accessRequest", with: try request.tree(.json)) } else {
          tree.without(["accessRequest"])
        }
    }
    if texts == .withheld { tree = tree.without(Self.textMembers) }
    self.tree = tree
    payload = tree.payload ?? ValueTree(.mapping([]))
  }

  /// A message that stands in no log, to try a destination with.
  public static func test(id: String, tenant: String, time: Timestamp) -> EntryRecord {
    var event = JSONObject()
    event.add("eventId", id)
    event.add("time", time.description)
    event.add("tenantId", tenant)
    return EntryRecord(
      index: 0, tenant: tenant, kind: EventMeaning.testKind, eventID: id, texts: .withheld,
      tree: event.tree, payload: ValueTree(.mapping([])))
  }

  private init(
    index: UInt64, tenant: String, kind: String, eventID: String, texts: TextRule, tree: ValueTree,
    payload: ValueTree
  ) {
    self.index = index
    self.tenant = tenant
    self.kind = kind
    self.eventID = eventID
    self.texts = texts
    self.tree = tree
    self.payload = payload
  }

  /// The members that hold what people wrote, whatever they stand in. `statement` is what an
  /// approver signed: their comment is in it.
  static let textMembers: Set<String> = ["justification", "comment", "text", "statement"]
}

extension ValueTree {
  /// The members of an event that are not its payload.
  private static let envelope: Set<String> = [
    "feed", "sequence", "eventId", "time", "tenantId", "requestId", "actor", "trace",
  ]

  fileprivate var payload: ValueTree? {
    guard case .mapping(let members) = content else { return nil }
    return members.last { !Self.envelope.contains($0.name) }?.value
  }

  /// The same with another value for a member, wherever it stands.
  fileprivate func replacing(_ name: String, with value: ValueTree) -> ValueTree {
    guard case .mapping(let members) = content else { return self }
    return ValueTree(
      .mapping(
        members.map {
          .init($0.name, $0.name == name ? value : $0.value.replacing(name, with: value))
        }))
  }

  fileprivate func without(_ names: Set<String>) -> ValueTree {
    switch content {
    case .null, .scalar: self
    case .list(let elements): ValueTree(.list(elements.map { $0.without(names) }))
    case .mapping(let members):
      ValueTree(
        .mapping(
          members.filter { !names.contains($0.name) }
            .map { .init($0.name, $0.value.without(names)) }))
    }
  }
}
