internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import Verification
internal import Web

/// One page of a log, and what was proved of it.
struct HistoryReading: Sendable {
  /// What can be said of the log as a whole.
  enum Standing: Sendable, Hashable {
    case sound(LogStanding)
    case doubtful(LogStanding.Fault)
    /// Nobody has told the portal the log's key.
    case noKey
  }

  let standing: Standing
  /// In the order in which they are shown.
  let entries: [(entry: AuditV1.Entry, mark: EntryMark)]
  /// Where the next page begins.
  let nextPage: String
  let before: UInt64?

  /// Reads and checks.
  ///
  /// - Parameter seen: the checkpoint that the browser was shown before, as it kept it.
  init(
    _ query: HistoryQuery, of log: PersonLog, key: NoteVerifier?, seen: String?, in zone: Zone
  ) async throws {
    standing = try await Self.standing(of: log, key, seen)
    let shown: [AuditV1.Entry]
    if case .sound(let sound) = standing, !query.isFiltered {
      let end = min(query.before ?? .max, sound.checkpoint.size)
      let start = end - min(end, UInt64(HistoryQuery.pageSize))
      shown = try await log.page(start..<end)
      (nextPage, before) = ("", start > 0 ? start : nil)
    } else {
      let page = try await log.api.call(
        AuditV1.AuditService.listEntries, query.request(of: log.tenantID, in: zone))
      shown = page.entries
      (nextPage, before) = (page.nextPageToken, nil)
    }
    entries = try await Self.marked(shown, standing, log)
  }

  private static func standing(
    of log: PersonLog, _ key: NoteVerifier?, _ seen: String?
  ) async throws -> Standing {
    guard let key else { return .noKey }
    do {
      return .sound(try await LogStanding(of: log, key: key, seen: seen))
    } catch let fault as LogStanding.Fault {
      return .doubtful(fault)
    }
  }

  /// Proves each entry for itself, all at once.
  private static func marked(
    _ entries: [AuditV1.Entry], _ standing: Standing, _ log: PersonLog
  ) async throws -> [(entry: AuditV1.Entry, mark: EntryMark)] {
    guard case .sound(let sound) = standing else { return entries.map { ($0, .unverified) } }
    let marks = try await withThrowingTaskGroup(of: (Int, EntryMark).self) { group in
      for (place, entry) in entries.enumerated() {
        group.addTask { (place, try await sound.mark(entry, by: log)) }
      }
      var marks = [EntryMark](repeating: .unverified, count: entries.count)
      for try await (place, mark) in group { marks[place] = mark }
      return marks
    }
    return Array(zip(entries, marks)).map { (entry: $0.0, mark: $0.1) }
  }
}

/// The last checkpoint that a browser was shown, kept by the browser: signed by the log's key, so that
/// the browser cannot make one up, and the portal need not remember it.
enum SeenCheckpoint {
  static let cookie = HostCookie("__Host-log")
  private static let kept = Duration.hours(24 * 90)
  private static let largest = 2_048

  static func read(_ request: WebRequest) -> String? {
    guard let text = request.cookie(cookie.name), text.utf8.count <= largest,
      let bytes = Base64URL.decode(text.utf8)
    else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Nil where it is too long for a cookie: a note with many cosignatures.
  static func field(_ note: String) -> WebField? {
    let text = Base64URL.encode(Array(note.utf8))
    return text.utf8.count <= largest ? cookie.set(text, for: kept) : nil
  }
}
