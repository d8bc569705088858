internal import Domain
internal import LockboxProto
internal import RPC
internal import Verification
internal import Web

/// What happened: the log of the person's organisation, checked while it is read.
enum HistoryPages {
  /// Entries of a period that a download may have: some 30 MB; beyond, `lockboxctl audit export`.
  private static let mostEntries: UInt64 = 20_000

  static func add(to site: inout Site, _ keys: LogKeys) {
    site.page("/history", "History") { visit in
      let query = HistoryQuery(visit.request)
      guard query.faults(in: visit.reader.zone).isEmpty else {
        return .page(page(nil, query, visit, status: 422))
      }
      let log = log(of: visit)
      let reading = try await HistoryReading(
        query, of: log, key: keys.key(of: log.tenantID), seen: SeenCheckpoint.read(visit.request),
        in: visit.reader.zone)
      var page = page(reading, query, visit)
      if case .sound(let sound) = reading.standing, let field = SeenCheckpoint.field(sound.note) {
        page.fields.append(field)
      }
      return .page(page)
    }
    site.action("/history/evidence", "HistoryEvidence") { visit, form in
      try await period(visit, form, keys)
    }
    site.action("/history/grants/:grant/evidence", "GrantEvidence") { visit, _ in
      let id = visit.parameter("grant")
      guard let grant = GrantID(id) else { throw Failure.notFound }
      let evidence = try await log(of: visit).evidence(ofGrant: grant.description)
      return .file(
        type: "application/json", name: "evidence-\(grant).json",
        bytes: try EvidenceFile.write(evidence))
    }
  }

  private static func log(of visit: Visit) -> PersonLog {
    PersonLog(api: visit.api, tenantID: visit.tenant?.text ?? "")
  }

  private static func page(
    _ reading: HistoryReading?, _ query: HistoryQuery, _ visit: Visit, status: Int = 200
  ) -> Page {
    var page = Page(
      "history", title: visit.texts("history.title"), area: .history,
      HistoryPage(reading, query, visit))
    page.status = status
    return page
  }

  /// All that the log holds of a period, as `lockbox-verify evidence` takes it, in one file.
  private static func period(
    _ visit: Visit, _ form: WebForm, _ keys: LogKeys
  ) async throws -> Reply {
    let log = log(of: visit)
    let zone = visit.reader.zone
    guard let key = keys.key(of: log.tenantID) else { throw Failure(501, "no_log_key") }
    guard let from = zone.moment(form["from"] ?? ""), let to = zone.moment(form["to"] ?? ""),
      from < to
    else { throw Failure(422, "period") }
    do {
      let evidence = try await EvidenceCollector(
        log, of: log.tenantID, key: key, period: from..<to, mostEntries: mostEntries
      ).evidence(isWhole: false, since: SeenCheckpoint.read(visit.request))
      let name =
        "lockbox-\(log.tenantID.isEmpty ? "provider" : log.tenantID)-"
        + "\(from.description.prefix(10))-\(to.description.prefix(10))"
      var archive = ZipArchive()
      for (file, bytes) in try EvidenceFolder.files(of: evidence).sorted(by: { $0.key < $1.key }) {
        archive.add("\(name)/\(file)", bytes)
      }
      return .file(type: "application/zip", name: "\(name).zip", bytes: archive.bytes)
    } catch is PeriodTooLong {
      throw Failure(422, "period_too_long")
    } catch is LogFault {
      throw Failure(409, "evidence")
    }
  }
}
