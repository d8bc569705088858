internal import Domain
internal import DomainProto
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import Verification
internal import Web
internal import Words

/// The view model of `history.mustache`.
struct HistoryPage: Sendable {
  struct Kind: Sendable {
    let value: String
    let text: String
    let isChosen: Bool
  }

  /// What was proved of the log itself, and what that means.
  struct Standing: Sendable {
    /// `sound`, `doubtful` or `unknown`: for the style.
    let key: String
    let isAlarm: Bool
    let text: String
    let meaning: [String]
  }

  let query: Query
  let kinds: [Kind]
  let standing: Standing
  let entries: [HistoryEntry]
  let order: String
  let nextPath: String?
  let firstPath: String?
  let isFiltered: Bool
  let canExport: Bool
  let zone: String
  /// What a download of evidence begins with.
  let exportFrom: String
  let exportTo: String

  /// As typed.
  struct Query: Sendable {
    let text: String
    let person: String
    let from: String
    let to: String
    let fromIsWrong: Bool
    let toIsWrong: Bool
  }

  init(_ reading: HistoryReading?, _ query: HistoryQuery, _ visit: Visit) {
    let faults = query.faults(in: visit.reader.zone)
    self.query = Query(
      text: query.text, person: query.person, from: query.from, to: query.to,
      fromIsWrong: faults.contains("from"), toIsWrong: faults.contains("to"))
    kinds = Self.kinds(chosen: query.kind, visit.texts)
    standing = Self.standing(reading?.standing ?? .noKey, visit.texts)
    entries = reading?.entries.map { HistoryEntry($0.entry, $0.mark, visit) } ?? []
    order = visit.texts(query.isFiltered ? "history.order.oldest" : "history.order.newest")
    if let page = reading?.nextPage, !page.isEmpty {
      nextPath = query.path(page: page)
    } else {
      nextPath = reading?.before.map { query.path(before: $0) }
    }
    firstPath = query.pageToken.isEmpty && query.before == nil ? nil : query.path()
    isFiltered = query.isFiltered
    canExport = true
    zone = visit.reader.zone.name
    exportFrom = visit.reader.zone.field(visit.now - .hours(24 * 30))
    exportTo = visit.reader.zone.field(visit.now + .minutes(1))
  }

  /// All that have a text, by it.
  private static func kinds(chosen: String, _ texts: Texts) -> [Kind] {
    let prefix = "history.kind."
    return texts.flat.filter { $0.key.hasPrefix(prefix) }
      .map { key, text in
        let value = String(key.dropFirst(prefix.count))
        return Kind(value: value, text: text, isChosen: value == chosen)
      }
      .sorted { ($0.text, $0.value) < ($1.text, $1.value) }
  }

  private static func standing(_ standing: HistoryReading.Standing, _ texts: Texts) -> Standing {
    switch standing {
    case .sound(let sound):
      var meaning = [
        texts(
          "history.meaning.inclusion",
          ["size": "\(sound.checkpoint.size)", "log": sound.checkpoint.origin])
      ]
      meaning.append(
        sound.seenSize.map { texts("history.meaning.consistency", ["size": "\($0)"]) }
          ?? texts("history.meaning.first"))
      meaning.append(texts("history.meaning.limits"))
      return Standing(
        key: "sound", isAlarm: false,
        text: texts(
          sound.seenSize == nil ? "history.standing.first" : "history.standing.sound",
          ["size": "\(sound.checkpoint.size)"]),
        meaning: meaning)
    case .doubtful(let fault):
      let text =
        switch fault {
        case .notSigned: texts("history.standing.not_signed")
        case .shorter(let seen, let now):
          texts("history.standing.shorter", ["seen": "\(seen)", "now": "\(now)"])
        case .rewritten(let seen, _):
          texts("history.standing.rewritten", ["seen": "\(seen)"])
        }
      return Standing(
        key: "doubtful", isAlarm: true, text: text,
        meaning: [texts("history.meaning.doubtful"), texts("history.meaning.limits")])
    case .noKey:
      return Standing(
        key: "unknown", isAlarm: false, text: texts("history.standing.no_key"),
        meaning: [texts("history.meaning.no_key"), texts("history.meaning.limits")])
    }
  }
}

/// One entry; `history-entry.mustache`.
struct HistoryEntry: Sendable {
  struct Mark: Sendable {
    /// `verified`, `hash_only` or `unverified`: for the style, never the only sign.
    let key: String
    let text: String
  }

  let index: String
  let mark: Mark
  let time: Moment?
  let title: String
  let who: String?
  /// A sentence of facts, in English: as the log has it.
  let facts: [String]
  let hasFacts: Bool
  let requestPath: String?
  /// Of whose grant evidence can be had.
  let grantID: String?

  init(_ entry: AuditV1.Entry, _ mark: EntryMark, _ visit: Visit) {
    index = "\(entry.index)"
    let key =
      switch mark {
      case .verified: "verified"
      case .hashOnly: "hash_only"
      case .unverified: "unverified"
      }
    self.mark = Mark(key: key, text: visit.texts("history.mark.\(key)"))
    let event =
      entry.event.isEmpty
      ? nil : try? EventV1.Event(serialized: entry.event, limits: .response)
    time = Timestamp(event?.time).map(visit.moment)
    if let event {
      title = visit.texts.find("history.kind.\(event.kind)") ?? event.kind
    } else {
      title = visit.texts(entry.event.isEmpty ? "history.dropped" : "history.unreadable")
    }
    let name = event?.actor?.subject.map(PersonWords.name) ?? ""
    who = name.isEmpty ? nil : name
    let summary = event?.summary ?? ""
    facts =
      Self.justification(event).map(visit.lines) ?? (summary.isEmpty ? [] : visit.lines(summary))
    hasFacts = !facts.isEmpty
    let request = event?.requestID ?? ""
    requestPath = request.isEmpty ? nil : "/requests/\(FormText.encode(request))"
    grantID =
      switch event?.payload {
      case .accessRequestApproved(let it): it.grant?.grantID
      case .breakGlassUsed(let it): it.grant?.grantID
      default: nil
      }
  }

  /// What an engineer wrote, where the entry is their request.
  private static func justification(_ event: EventV1.Event?) -> String? {
    guard case .accessRequestReceived(let received) = event?.payload else { return nil }
    return (try? CommonV1.AccessRequest(serialized: received.accessRequest))?.justification
  }
}
