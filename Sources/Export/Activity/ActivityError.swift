internal import Domain

/// What the Office 365 Management Activity API answers to what it cannot do: its codes, and its
/// words.
enum ActivityError: Error, Hashable, Sendable {
  case permissionMissing
  case parameterMissing(String)
  case parameterType(String, expected: String)
  case expirationPast(String)
  /// Also for what is no tenant at all: foreign and missing answer alike.
  case tenantMismatch(String)
  case contentType
  case webhookNotValidated(String, reason: String)
  case noSubscription
  case subscriptionDisabled(by: String)
  case subscriptionUnchanged
  case timeRange
  case nextPage(String)
  case contentMissing(String)
  case contentExpired(String)
  case contentID(String)
  case languages
  case languageSyntax
  case tooManyRequests(method: String, publisher: String, retryAfter: Duration)
  case `internal`

  var code: String {
    switch self {
    case .permissionMissing: "AF10001"
    case .parameterMissing: "AF20001"
    case .parameterType: "AF20002"
    case .expirationPast: "AF20003"
    case .tenantMismatch: "AF20010"
    case .contentType: "AF20020"
    case .webhookNotValidated: "AF20021"
    case .noSubscription: "AF20022"
    case .subscriptionDisabled: "AF20023"
    case .subscriptionUnchanged: "AF20024"
    case .timeRange: "AF20030"
    case .nextPage: "AF20031"
    case .contentMissing: "AF20050"
    case .contentExpired: "AF20051"
    case .contentID: "AF20052"
    case .languages: "AF20053"
    case .languageSyntax: "AF20054"
    case .tooManyRequests: "AF429"
    case .internal: "AF50000"
    }
  }

  var status: Int {
    switch self {
    case .permissionMissing: 403
    case .contentMissing: 404
    case .tooManyRequests: 429
    case .internal: 500
    case .parameterMissing, .parameterType, .expirationPast, .tenantMismatch, .contentType,
      .webhookNotValidated, .noSubscription, .subscriptionDisabled, .subscriptionUnchanged,
      .timeRange, .nextPage, .contentExpired, .contentID, .languages, .languageSyntax:
      400
    }
  }

  var message: String {
    switch self {
    case .permissionMissing:
      """
      The permission set sent in the request did not include the expected permission \
      ActivityFeed.Read.
      """
    case .parameterMissing(let name): "Missing parameter: \(name)."
    case .parameterType(let name, let type):
      "Invalid parameter type: \(name). Expected type: \(type)"
    case .expirationPast(let time): "Expiration \(time) provided is set to past date and time."
    case .tenantMismatch(let tenant):
      """
      The tenant ID passed in the URL (\(tenant)) does not match the tenant ID passed in the \
      access token.
      """
    case .contentType: "The specified content type is not valid."
    case .webhookNotValidated(let address, let reason):
      "The webhook endpoint (\(address)) could not be validated. \(reason)"
    case .noSubscription: "No subscription found for the specified content type."
    case .subscriptionDisabled(let who): "The subscription was disabled by \(who)."
    case .subscriptionUnchanged: "The subscription is already enabled. No property change."
    case .timeRange:
      """
      Start time and end time must both be specified (or both omitted) and must be less than or \
      equal to 24 hours apart, with the start time no more than 7 days in the past.
      """
    case .nextPage(let text): "Invalid nextPage Input: \(text)."
    case .contentMissing(let id): "The specified content (\(id)) does not exist."
    case .contentExpired(let id):
      """
      Content requested with the key \(id) has already expired. Content older than 7 days cannot \
      be retrieved.
      """
    case .contentID(let id): "Content ID \(id) in the URL is invalid."
    case .languages: "Only one language may be present in the Accept-Language header."
    case .languageSyntax: "Invalid syntax in Accept-Language header."
    case .tooManyRequests(let method, let publisher, _):
      "Too many requests. Method=\(method), PublisherId=\(publisher)"
    case .internal: "An internal error occurred. Retry the request."
    }
  }
}
