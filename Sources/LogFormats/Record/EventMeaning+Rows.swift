extension EventMeaning {
  /// By the payload's field name. A test compares the names with the event's descriptor.
  static let rows: [String: EventMeaning] =
    requests.merging(access) { $1 }.merging(settings) { $1 }.merging(feeds) { $1 }
    .merging(notices) { $1 }

  /// From the request to its end.
  private static let requests: [String: EventMeaning] = [
    "access_request_received": .init(
      "Access requested", .informational, .create(.accessRequest)),
    "withdrawal_received": .init(
      "Withdrawal of an access request received", .informational, .update(.accessRequest)),
    "access_request_opened": .init(
      "Access request opened for approval", .informational, .update(.accessRequest)),
    "stage_opened": .init("Approval stage opened", .informational, .update(.accessRequest)),
    "decision_recorded": .init(
      "Decision on an access request", .informational, .update(.accessRequest)),
    "access_request_denied": .init("Access request denied", .low, .update(.accessRequest)),
    "access_request_expired": .init(
      "Access request expired", .informational, .update(.accessRequest)),
    "access_request_withdrawn": .init(
      "Access request withdrawn", .informational, .update(.accessRequest)),
    "deadline_fired": .init("Deadline passed", .informational, .update(.accessRequest)),
    "thread_entry_added": .init(
      "Question or answer on an access request", .informational, .update(.accessRequest)),
    "stage_reminder": .init("Approval still awaited", .informational, .update(.accessRequest)),
    "stage_escalated": .init("Approval escalated", .low, .update(.accessRequest)),
    "access_request_about_to_expire": .init(
      "Access request about to expire", .low, .update(.accessRequest)),
    "quorum_out_of_reach": .init(
      "Too few approvers left", .medium, .update(.accessRequest)),
    "break_glass_opened": .init("Break-glass access requested", .high, .update(.accessRequest)),
    "break_glass_review_closed": .init(
      "Review of break-glass access closed", .medium, .update(.accessRequest)),
  ]

  /// What gives access and takes it.
  private static let access: [String: EventMeaning] = [
    "access_request_approved": .init("Access granted", .low, .assignPrivileges),
    "break_glass_used": .init(
      "Break-glass access granted without the customer's approval", .high, .assignPrivileges),
    "grant_revoked": .init("Access revoked", .medium, .revokePrivileges),
    "grant_ended": .init("Access ended", .informational, .revokePrivileges),
    "access_token_issued": .init("Access token issued", .low, .authorizeSession),
  ]

  /// Who may decide, and how.
  private static let settings: [String: EventMeaning] = [
    "tenant_applied": .init("Tenant settings changed", .low, .update(.tenantSettings)),
    "policy_applied": .init("Provider policy changed", .medium, .update(.policy)),
    "approver_key_registered": .init("Approver key registered", .low, .create(.approverKey)),
    "approver_key_confirmed": .init("Approver key confirmed", .low, .update(.approverKey)),
    "approver_key_revoked": .init("Approver key revoked", .low, .delete(.approverKey)),
    "absence_set": .init("Approver absent", .low, .create(.absence)),
    "absence_ended": .init("Approver back", .informational, .delete(.absence)),
    "subjects_linked": .init("Accounts linked as one person", .medium, .update(.person)),
    "subject_unlinked": .init("Account unlinked from a person", .medium, .update(.person)),
    "signing_key_activated": .init("Signing key of tokens changed", .low, .update(.signingKey)),
  ]

  /// Where the log goes.
  private static let feeds: [String: EventMeaning] = [
    "activity_subscription_started": .init(
      "Collector subscribed to the activity", .low, .create(.subscription)),
    "activity_subscription_stopped": .init(
      "Collector's subscription ended", .low, .delete(.subscription)),
    "activity_webhook_disabled": .init(
      "Collector is no longer told of activity", .medium, .update(.subscription)),
    "destination_created": .init("Destination of the log added", .low, .create(.destination)),
    "destination_updated": .init("Destination of the log changed", .low, .update(.destination)),
    "destination_deleted": .init("Destination of the log removed", .medium, .delete(.destination)),
    "destination_disabled": .init(
      "Destination of the log refused and stopped", .medium, .update(.destination)),
    "dead_letters_changed": .init(
      "Deliveries of the log given up or taken up again", .medium, .update(.destination)),
    "events_dropped": .init("Old events dropped by the tenant's retention", .low, .other),
  ]

  /// Who was told.
  private static let notices: [String: EventMeaning] = [
    "notice_delivered": .init("Notice delivered", .informational, .create(.notice)),
    "notice_given_up": .init("Notice could not be delivered", .medium, .update(.notice)),
    "notice_dropped": .init(
      "Notice not sent since its point was over", .informational, .delete(.notice)),
    "notices_retried": .init("Notices are sent once more", .low, .update(.notice)),
    "channel_created": .init("Notification channel added", .low, .create(.channel)),
    "channel_updated": .init("Notification channel changed", .low, .update(.channel)),
    "channel_deleted": .init("Notification channel removed", .medium, .delete(.channel)),
    "channel_disabled": .init(
      "Notification channel refused and stopped", .medium, .update(.channel)),
  ]
}
