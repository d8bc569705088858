internal import LockboxProto

/// What an entry tells: the payload of its event, numbered and named like the payload's field.
enum EntryKind: Int, Sendable, CaseIterable {
  case accessRequestReceived = 20
  case withdrawalReceived
  case accessRequestOpened
  case stageOpened
  case decisionRecorded
  case accessRequestApproved
  case accessRequestDenied
  case accessRequestExpired
  case accessRequestWithdrawn
  case grantRevoked
  case grantEnded
  case accessTokenIssued
  case tenantApplied
  case policyApplied
  case deadlineFired
  case threadEntryAdded
  case approverKeyRegistered
  case approverKeyConfirmed
  case approverKeyRevoked
  case absenceSet = 40
  case absenceEnded
  case stageReminder
  case stageEscalated
  case accessRequestAboutToExpire
  case quorumOutOfReach
  case breakGlassOpened = 50
  case breakGlassUsed
  case breakGlassReviewClosed
  case subjectsLinked = 60
  case subjectUnlinked
  case signingKeyActivated
  case eventsDropped = 70
  case activitySubscriptionStarted = 75
  case activitySubscriptionStopped
  case activityWebhookDisabled
  case destinationCreated = 80
  case destinationUpdated
  case destinationDeleted
  case destinationDisabled
  case deadLettersChanged
  case noticeDelivered
  case noticeGivenUp
  case noticeDropped
  case noticesRetried
  case channelCreated
  case channelUpdated
  case channelDeleted
  case channelDisabled

  init(_ payload: EventV1.Event.Payload) {
    self =
      switch payload {
      case .accessRequestReceived: .accessRequestReceived
      case .withdrawalReceived: .withdrawalReceived
      case .accessRequestOpened: .accessRequestOpened
      case .stageOpened: .stageOpened
      case .decisionRecorded: .decisionRecorded
      case .accessRequestApproved: .accessRequestApproved
      case .accessRequestDenied: .accessRequestDenied
      case .accessRequestExpired: .accessRequestExpired
      case .accessRequestWithdrawn: .accessRequestWithdrawn
      case .grantRevoked: .grantRevoked
      case .grantEnded: .grantEnded
      case .accessTokenIssued: .accessTokenIssued
      case .tenantApplied: .tenantApplied
      case .policyApplied: .policyApplied
      case .deadlineFired: .deadlineFired
      case .threadEntryAdded: .threadEntryAdded
      case .approverKeyRegistered: .approverKeyRegistered
      case .approverKeyConfirmed: .approverKeyConfirmed
      case .approverKeyRevoked: .approverKeyRevoked
      case .absenceSet: .absenceSet
      case .absenceEnded: .absenceEnded
      case .stageReminder: .stageReminder
      case .stageEscalated: .stageEscalated
      case .accessRequestAboutToExpire: .accessRequestAboutToExpire
      case .quorumOutOfReach: .quorumOutOfReach
      case .breakGlassOpened: .breakGlassOpened
      case .breakGlassUsed: .breakGlassUsed
      case .breakGlassReviewClosed: .breakGlassReviewClosed
      case .subjectsLinked: .subjectsLinked
      case .subjectUnlinked: .subjectUnlinked
      case .signingKeyActivated: .signingKeyActivated
      case .eventsDropped: .eventsDropped
      case .activitySubscriptionStarted: .activitySubscriptionStarted
      case .activitySubscriptionStopped: .activitySubscriptionStopped
      case .activityWebhookDisabled: .activityWebhookDisabled
      case .destinationCreated: .destinationCreated
      case .destinationUpdated: .destinationUpdated
      case .destinationDeleted: .destinationDeleted
      case .destinationDisabled: .destinationDisabled
      case .deadLettersChanged: .deadLettersChanged
      case .noticeDelivered: .noticeDelivered
      case .noticeGivenUp: .noticeGivenUp
      case .noticeDropped: .noticeDropped
      case .noticesRetried: .noticesRetried
      case .channelCreated: .channelCreated
      case .channelUpdated: .channelUpdated
      case .channelDeleted: .channelDeleted
      case .channelDisabled: .channelDisabled
      }
  }

  /// Reads the field's name, such as `decision_recorded`.
  init?(name: String) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  var name: String {
    switch self {
    case .accessRequestReceived: "access_request_received"
    case .withdrawalReceived: "withdrawal_received"
    case .accessRequestOpened: "access_request_opened"
    case .stageOpened: "stage_opened"
    case .decisionRecorded: "decision_recorded"
    case .accessRequestApproved: "access_request_approved"
    case .accessRequestDenied: "access_request_denied"
    case .accessRequestExpired: "access_request_expired"
    case .accessRequestWithdrawn: "access_request_withdrawn"
    case .grantRevoked: "grant_revoked"
    case .grantEnded: "grant_ended"
    case .accessTokenIssued: "access_token_issued"
    case .tenantApplied: "tenant_applied"
    case .policyApplied: "policy_applied"
    case .deadlineFired: "deadline_fired"
    case .threadEntryAdded: "thread_entry_added"
    case .approverKeyRegistered: "approver_key_registered"
    case .approverKeyConfirmed: "approver_key_confirmed"
    case .approverKeyRevoked: "approver_key_revoked"
    case .absenceSet: "absence_set"
    case .absenceEnded: "absence_ended"
    case .stageReminder: "stage_reminder"
    case .stageEscalated: "stage_escalated"
    case .accessRequestAboutToExpire: "access_request_about_to_expire"
    case .quorumOutOfReach: "quorum_out_of_reach"
    case .breakGlassOpened: "break_glass_opened"
    case .breakGlassUsed: "break_glass_used"
    case .breakGlassReviewClosed: "break_glass_review_closed"
    case .subjectsLinked: "subjects_linked"
    case .subjectUnlinked: "subject_unlinked"
    case .signingKeyActivated: "signing_key_activated"
    case .eventsDropped: "events_dropped"
    case .activitySubscriptionStarted: "activity_subscription_started"
    case .activitySubscriptionStopped: "activity_subscription_stopped"
    case .activityWebhookDisabled: "activity_webhook_disabled"
    case .destinationCreated: "destination_created"
    case .destinationUpdated: "destination_updated"
    case .destinationDeleted: "destination_deleted"
    case .destinationDisabled: "destination_disabled"
    case .deadLettersChanged: "dead_letters_changed"
    case .noticeDelivered: "notice_delivered"
    case .noticeGivenUp: "notice_given_up"
    case .noticeDropped: "notice_dropped"
    case .noticesRetried: "notices_retried"
    case .channelCreated: "channel_created"
    case .channelUpdated: "channel_updated"
    case .channelDeleted: "channel_deleted"
    case .channelDisabled: "channel_disabled"
    }
  }
}
