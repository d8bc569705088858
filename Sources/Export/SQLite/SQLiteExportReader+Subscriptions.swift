internal import Domain
internal import ServiceKit
internal import Storage

extension SQLiteExportReader {
  private static let columns: SQL = """
    SELECT tenant_id, client_issuer, client_id, type, enabled, address, auth_id, expiration,
      disabled, told, failures, failing_since, next_attempt
    FROM subscription
    """

  func subscription(_ key: Subscription.Key) throws -> Subscription? {
    try connection.first(
      Self.columns
        + " WHERE tenant_id = ? AND client_issuer = ? AND client_id = ? AND type = ?",
      key.tenant.text, key.client.issuer, key.client.id, key.type.number
    ) { try Subscription($0) }
  }

  func subscriptions(of tenant: TenantID, client: Subject) throws -> [Subscription] {
    try connection.all(
      Self.columns
        + " WHERE tenant_id = ? AND client_issuer = ? AND client_id = ? ORDER BY type",
      tenant.text, client.issuer, client.id
    ) { try Subscription($0) }
  }

  func subscriptionsToTell() throws -> [Subscription] {
    try connection.all(
      Self.columns + """
         WHERE enabled AND address IS NOT NULL AND NOT disabled AND EXISTS (
          SELECT 1 FROM blob WHERE blob.tenant_id = subscription.tenant_id
            AND blob.type = subscription.type AND first_index > ifnull(told, -1))
        """
    ) { try Subscription($0) }
  }

  func attempts(
    _ key: Subscription.Key, created: Range<Timestamp>, after number: Int64, limit: Int
  ) throws -> [NotificationAttempt] {
    try connection.all(
      """
      SELECT b.tenant_id, b.type, b.first_index, b.last_index, b.created, a.number, a.sent,
        a.succeeded
      FROM attempt a JOIN blob b USING (tenant_id, type, first_index)
      WHERE a.tenant_id = ? AND a.type = ? AND a.client_issuer = ? AND a.client_id = ?
        AND a.number > ? AND b.created >= ? AND b.created < ?
      ORDER BY a.number LIMIT ?
      """, key.tenant.text, key.type.number, key.client.issuer, key.client.id, number,
      created.lowerBound.nanoseconds, created.upperBound.nanoseconds, limit
    ) { row in
      NotificationAttempt(
        blob: try ContentBlob(row), sent: Timestamp(nanoseconds: try row.get(6)),
        succeeded: try row.get(7), number: try row.get(5))
    }
  }
}

extension Subscription {
  fileprivate init(_ row: Row) throws {
    guard let tenant = TenantID(try row.string(0)) else { throw row.unexpected(0, "a tenant id") }
    guard let type = ContentType(number: try row.get(3)) else {
      throw row.unexpected(3, "a content type")
    }
    let key = Key(
      tenant: tenant, client: Subject(issuer: try row.get(1), id: try row.get(2)), type: type)
    self.init(key: key, isEnabled: try row.get(4), webhook: try Webhook(row))
  }
}

extension Webhook {
  /// Nil where there is none.
  fileprivate init?(_ row: Row) throws {
    guard let text = try row.get(5, as: String?.self) else { return nil }
    guard let address = HTTPSURL(text) else { throw row.unexpected(5, "an https URL") }
    self.init(
      target: Target(
        address: address, authID: try row.get(6, as: String?.self), expiration: try row.time(7)),
      isDisabled: try row.get(8), told: try row.get(9, as: UInt64?.self),
      failures: try row.get(10), failingSince: try row.time(11), nextAttempt: try row.time(12))
  }
}

extension Row {
  fileprivate func time(_ column: Int) throws -> Timestamp? {
    try get(column, as: Int64?.self).map { Timestamp(nanoseconds: $0) }
  }
}
