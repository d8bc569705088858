internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import StandardProto
internal import Web

/// What of the log is asked for.
///
/// Without a filter the newest entries come first, page after page back to the beginning; what a
/// filter finds comes in the order in which it was logged, as the log's index has it.
struct HistoryQuery: Sendable, Hashable {
  var text = ""
  var person = ""
  var kind = ""
  /// As the browser's field writes it: `2026-11-22T13:05`, in the reader's zone.
  var from = ""
  var to = ""
  /// Of what a filter found: the next page.
  var pageToken = ""
  /// Without a filter: entries below this index.
  var before: UInt64?

  static let pageSize = 25

  init() {}

  init(_ request: WebRequest) {
    func field(_ name: String) -> String {
      (request.query(name) ?? "").trimmed
    }
    text = field("text")
    person = field("person")
    kind = field("kind")
    from = field("from")
    to = field("to")
    pageToken = field("page")
    before = UInt64(field("before"))
  }

  var isFiltered: Bool { self != HistoryQuery(at: pageToken, before) }

  private init(at pageToken: String, _ before: UInt64?) {
    self.pageToken = pageToken
    self.before = before
  }

  /// What is wrong with what was typed: the names of the fields.
  func faults(in zone: Zone) -> [String] {
    [("from", from), ("to", to)].filter { !$0.1.isEmpty && zone.moment($0.1) == nil }.map(\.0)
  }

  func request(of tenantID: String, in zone: Zone) -> AuditV1.ListEntriesRequest {
    .init(
      pageSize: UInt32(Self.pageSize), pageToken: pageToken, tenantID: tenantID,
      kinds: kind.isEmpty ? [] : [kind], startTime: zone.moment(from).map { .init($0) },
      endTime: zone.moment(to).map { .init($0) }, person: person, text: text)
  }

  /// The address of this list, from another place on.
  func path(page: String = "", before: UInt64? = nil) -> String {
    let values = [
      ("text", text), ("person", person), ("kind", kind), ("from", from), ("to", to),
      ("page", page), ("before", before.map { "\($0)" } ?? ""),
    ]
    let fields = values.filter { !$0.1.isEmpty }.map { WebField($0.0, $0.1) }
    return fields.isEmpty ? "/history" : "/history?" + FormText.text(fields)
  }
}

extension String {
  /// Without white space around.
  fileprivate var trimmed: String {
    let begun = drop(while: \.isWhitespace)
    return String(begun.prefix(begun.count - begun.reversed().prefix(while: \.isWhitespace).count))
  }
}
