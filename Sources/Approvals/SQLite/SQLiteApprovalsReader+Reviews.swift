internal import Domain
internal import ServiceKit
internal import Storage

extension SQLiteApprovalsReader {
  func requests(extending grant: GrantID) throws -> [StoredRequest] {
    try requests(where: "extended_grant = ?", [grant], limit: .max)
  }

  func hasOverdueReview(of tenant: TenantID, at now: Timestamp) throws -> Bool {
    try connection.first(
      "SELECT 1 FROM review WHERE tenant_id = ? AND close_time IS NULL AND due <= ? LIMIT 1",
      tenant.text, now.nanoseconds
    ) { _ in true } ?? false
  }

  static let reviewIsOpen: SQL =
    "request_id IN (SELECT request_id FROM review WHERE close_time IS NULL)"

  func review(of id: RequestID) throws -> BreakGlassReview? {
    try connection.first(
      """
      SELECT due, verdict, issuer, subject, display_name, comment, close_time
      FROM review WHERE request_id = ?
      """, id
    ) { row in
      let due = Timestamp(nanoseconds: try row.get(0))
      guard let time = try row.get(6, as: Int64?.self) else { return BreakGlassReview(due: due) }
      guard let verdict = ReviewVerdict(rawValue: try row.get(1)) else {
        throw row.unexpected(1, "a verdict")
      }
      return BreakGlassReview(
        due: due,
        closing: .init(
          verdict: verdict,
          reviewer: Subject(
            issuer: try row.get(2), id: try row.get(3), displayName: try row.get(4)),
          comment: try row.get(5), time: Timestamp(nanoseconds: time)))
    }
  }
}
