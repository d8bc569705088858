internal import Domain

/// What the service demands of the fields of settings beyond their type, as far as JSON Schema can
/// say it. The service's word stands: this helps whoever writes a file.
enum SettingsLimits {
  enum Limit {
    /// A DNS label.
    case name
    case text(ClosedRange<Int>)
    case number(ClosedRange<Int>)
    /// Told only: no pattern can compare durations.
    case duration(ClosedRange<Duration>)
    /// How many, and what each must be.
    indirect case list(ClosedRange<Int>, of: Limit?)
  }

  /// By message and field.
  static let limits: [String: Limit] = [
    "TenantSettings.tenant_id": .name,
    "TenantSettings.display_name": .text(Limits.displayNameLength),
    "TenantSettings.request_lifetime": .duration(Limits.requestLifetime),
    "TenantSettings.longest_access": .duration(Limits.shortestAccess...Limits.longestAccess),
    "TenantSettings.contacts": .list(Limits.contactCount, of: .text(3...254)),
    "TenantSettings.key_waiting_time": .duration(Limits.keyWaitingTime),
    "TenantSettings.audit_retention": .duration(Limits.auditRetention),
    "NotificationSettings.recipients": .list(Limits.mailRecipientCount, of: nil),
    "NotificationSettings.time_zone": .text(0...Limits.timeZoneLength.upperBound),
    "NotificationSettings.digest_interval": .duration(Limits.digestInterval),
    "MailRecipient.address": .text(MailAddressRule.length),
    "MailRecipient.workloads": .list(Limits.workloadCount, of: .name),
    "BreakGlassSettings.reasons": .list(1...ReasonCode.allCases.count, of: nil),
    "BreakGlassSettings.longest_access": .duration(
      Limits.shortestAccess...Limits.longestBreakGlassAccess),
    "BreakGlassSettings.review_lifetime": .duration(.hours(1)...Limits.longestReviewLifetime),
    "RequiredCosignatures.count": .number(Limits.witnessCount),
    "RequiredCosignatures.witnesses": .list(
      Limits.witnessCount, of: .text(Limits.witnessKeyLength)),
    "BreakGlassPolicy.lifetime": .duration(
      Limits.shortestAccess...Limits.longestBreakGlassLifetime),
    "Approvers.people": .list(Limits.approverCount, of: .text(Limits.subjectLength)),
    "Approvers.groups": .list(Limits.approverCount, of: .text(Limits.subjectLength)),
    "Approvers.quorum": .number(Limits.quorum),
    "Approvers.claims": .list(Limits.claimCount, of: nil),
    "ClaimCondition.claim": .text(Limits.subjectLength),
    "ClaimCondition.any_of": .list(Limits.claimValueCount, of: .text(Limits.subjectLength)),
    "TenantSettings.enrolled_workloads": .list(Limits.workloadCount, of: .name),
    "TenantSettings.workload_approvers": .list(Limits.workloadCount, of: nil),
    "WorkloadApprovers.workload": .name,
    "WorkloadPolicy.workload": .name,
    "WorkloadPolicy.stages": .list(Limits.providerStageCount, of: nil),
    "WorkloadPolicy.rules": .list(Limits.ruleCount, of: nil),
    "PolicyRule.name": .text(Limits.nameLength),
    "PolicyRule.stages": .list(0...Limits.providerStageCount.upperBound, of: nil),
    "PolicyRule.longest_access": .duration(Limits.shortestAccess...Limits.longestAccess),
    "ProviderStage.name": .text(Limits.nameLength),
    "ProviderStage.lifetime": .duration(Limits.requestLifetime),
  ]

  /// What a file must say, by message.
  static let required = [
    "TenantSettings": ["tenant_id", "lockbox_enabled"],
    "WorkloadPolicy": ["workload"],
    "ProviderStage": ["name", "approvers"],
    "PolicyRule": ["name"],
    "Escalation": ["after", "approvers"],
    "WorkloadApprovers": ["workload", "approvers"],
    "ClaimCondition": ["claim", "any_of"],
    "RequiredCosignatures": ["count", "witnesses"],
    "MailRecipient": ["address"],
    "QuietHours": ["start", "end"],
  ]
}

extension SettingsLimits.Limit {
  /// The keywords of JSON Schema that say it.
  var keywords: [(String, JSONNode)] {
    switch self {
    case .name:
      [("pattern", .string("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    case .text(let length):
      Self.bounds("minLength", "maxLength", length)
    case .number(let range):
      [("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound))]
    case .duration: []
    case .list(let count, _):
      Self.bounds("minItems", "maxItems", count)
    }
  }

  /// Nothing is shorter than 0.
  private static func bounds(
    _ minimum: String, _ maximum: String, _ range: ClosedRange<Int>
  ) -> [(String, JSONNode)] {
    (range.lowerBound == 0 ? [] : [(minimum, .integer(range.lowerBound))])
      + [(maximum, .integer(range.upperBound))]
  }

  /// A sentence where no keyword can say it.
  var sentence: String? {
    guard case .duration(let range) = self else { return nil }
    return "Between \(Self.words(range.lowerBound)) and \(Self.words(range.upperBound))."
  }

  private static func words(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    return seconds == 0
      ? "0s"
      : seconds % 3600 == 0
        ? "\(seconds / 3600)h" : seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
  }
}
