internal import Domain
internal import Logging
internal import ServiceKit

/// The operations of the Office 365 Management Activity API, over what export keeps.
///
/// (Reference of 12/03/2024: learn.microsoft.com/office/office-365-management-api.)
struct ActivityFeed: Sendable {
  let store: any ExportStore
  let webhooks: WebhookValidator
  let throttle: Throttle
  let guids: GUIDs
  /// What URLs begin with: `https://host:port`.
  let root: String
  let pageSize: Int
  let clock: any WallClock

  /// How far a collector's clock may be ahead of ours without its windows missing anything.
  static let clockTolerance = Duration.minutes(5)

  /// Who asks, once the URL's tenant is found to be theirs and their quota to have room.
  struct Client: Sendable {
    let tenant: TenantID
    let subject: Subject
    let publisher: String?
  }

  /// - Throws: `ActivityError`.
  func admit(
    _ request: ActivityRequest, method: String
  ) throws(ActivityError) -> Client {
    guard let tenant = request.caller.boundTenant, request.caller.mayReadLog(of: tenant),
      request.tenant == tenant.text || request.tenant.lowercased() == guids.of(tenant)
    else { throw .tenantMismatch(request.tenant) }
    let publisher = request.parameter("PublisherIdentifier")
    try throttle.pass(tenant, publisher, method: method)
    return Client(tenant: tenant, subject: request.caller.subject, publisher: publisher)
  }

  /// The content type that a request names.
  func type(_ request: ActivityRequest) throws(ActivityError) -> ContentType {
    guard let name = request.parameter("contentType") else {
      throw .parameterMissing("contentType")
    }
    guard let type = ContentType(named: name) else { throw .contentType }
    return type
  }

  /// A subscription that content may be read by.
  func enabled(_ key: Subscription.Key) async throws -> Subscription {
    guard let subscription = try await store.read({ try $0.subscription(key) }) else {
      throw ActivityError.noSubscription
    }
    guard subscription.isEnabled else {
      throw ActivityError.subscriptionDisabled(by: key.client.id)
    }
    return subscription
  }

  // MARK: - URLs

  func url(_ tenant: TenantID, _ path: String) -> String {
    "\(root)/api/v1.0/\(tenant)/activity/feed/\(path)"
  }

  func json(_ blob: ContentBlob) -> [(String, JSONValue)] {
    [
      ("contentType", .string(blob.type.rawValue)),
      ("contentId", .string(blob.id.description)),
      ("contentUri", .string(url(blob.tenant, "audit/\(blob.id)"))),
      ("contentCreated", .string(blob.created.milliseconds)),
      ("contentExpiration", .string(blob.expiration.milliseconds)),
    ]
  }
}
