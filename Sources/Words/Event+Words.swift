internal import Domain
internal import DomainProto
public import LockboxProto

extension EventV1.Event {
  /// The payload's field name, as the API and the log's index know it.
  public var kind: String { payload?.fieldName ?? "unknown" }

  /// Who caused it, in which role.
  public var who: String {
    guard let actor else { return "" }
    let name = actor.subject?.short ?? ""
    return name.isEmpty ? actor.role : "\(name), \(actor.role)"
  }

  /// What a reader wants to know first; not all of it.
  public var summary: String {
    switch payload {
    case .accessRequestReceived(let it): "digest \(hexadecimal(Array(it.requestDigest.prefix(8))))…"
    case .withdrawalReceived(let it): it.comment
    case .accessRequestOpened(let it):
      "\(it.workload): \(it.stages.map(\.name).joined(separator: ", then "))"
    case .stageOpened(let it): "\(it.name), \(it.side.words), quorum \(it.quorum)"
    case .decisionRecorded(let it): it.decision?.summary ?? ""
    case .accessRequestApproved(let it):
      "grant \(it.grant?.grantID ?? "") to \(Timestamp(it.grant?.endTime)?.description ?? "")"
    case .accessRequestDenied(let it):
      it.reason.isEmpty ? "at stage \(it.stage + 1)" : "at stage \(it.stage + 1): \(it.reason)"
    case .accessRequestExpired(let it): "at stage \(it.stage + 1)"
    case .accessRequestWithdrawn(let it): it.comment
    case .grantRevoked(let it): "grant \(it.grantID) \(it.comment)"
    case .grantEnded(let it): "grant \(it.grantID), \(it.reason.words)"
    case .accessTokenIssued(let it): "token \(it.tokenID)"
    case .tenantApplied(let it): "\(it.settings?.tenantID ?? "") version \(it.version)"
    case .policyApplied(let it): "\(it.policy?.workload ?? "") version \(it.version)"
    case .deadlineFired(let it): "\(it.kind.words)"
    case .threadEntryAdded(let it): "\(it.entry?.kind.words ?? ""): \(it.entry?.text ?? "")"
    case .approverKeyRegistered(let it): it.key?.summary ?? ""
    case .approverKeyConfirmed(let it): it.key?.summary ?? ""
    case .approverKeyRevoked(let it): it.key?.summary ?? ""
    case .absenceSet(let it): it.absence?.summary ?? ""
    case .absenceEnded(let it): it.absence?.person ?? ""
    case .stageReminder(let it): "\(it.name), \(it.approvals) of \(it.quorum)"
    case .stageEscalated(let it): "\(it.name), \(it.approvals) of \(it.quorum)"
    case .accessRequestAboutToExpire(let it): "\(it.name), \(it.approvals) of \(it.quorum)"
    case .quorumOutOfReach(let it):
      "\(it.name), \(it.approvals) of \(it.quorum), \(it.available) could still decide"
    case .breakGlassOpened(let it):
      "\(it.engineer?.short ?? ""), \(it.reasonCode.words); to be told: \(it.contacts.count)"
    case .breakGlassUsed(let it):
      "grant \(it.grant?.grantID ?? "") to \(Timestamp(it.grant?.endTime)?.description ?? "")"
        + "; to be told: \(it.contacts.count)"
    case .breakGlassReviewClosed(let it):
      "\(it.review?.verdict.words ?? ""): \(it.review?.comment ?? "")"
    case .subjectsLinked(let it): it.person?.words ?? ""
    case .subjectUnlinked(let it): "\(it.subject?.short ?? ""), of \(it.person?.words ?? "")"
    case .signingKeyActivated(let it): "key \(it.keyID)"
    case .activitySubscriptionStarted(let it):
      it.webhook.isEmpty ? it.contentType : "\(it.contentType), told at \(it.webhook)"
    case .activitySubscriptionStopped(let it): it.contentType
    case .activityWebhookDisabled(let it):
      "\(it.contentType), \(it.webhook) of \(it.client?.short ?? ""), \(it.failures) failures"
    case .destinationCreated(let it): it.destination?.summary ?? ""
    case .destinationUpdated(let it):
      (it.destination?.summary ?? "") + (it.secretRotated ? ", secret rotated" : "")
    case .destinationDeleted(let it): it.destination?.summary ?? ""
    case .destinationDisabled(let it): "\(it.name): the receiver is gone"
    case .deadLettersChanged(let it):
      "\(it.name): \(it.count) \(it.change.words), \(it.firstIndex) to \(it.lastIndex)"
    case .noticeDelivered(let it):
      (it.notice?.summary ?? "") + (it.repeated ? ", perhaps twice" : "")
    case .noticeGivenUp(let it): "\(it.notice?.summary ?? ""): \(it.lastFailure)"
    case .noticeDropped(let it): "\(it.notice?.summary ?? ""): \(it.reason)"
    case .noticesRetried(let it): "\(it.count) to be sent again"
    case .channelCreated(let it): it.channel?.summary ?? ""
    case .channelUpdated(let it):
      (it.channel?.summary ?? "") + (it.secretRotated ? ", secret rotated" : "")
    case .channelDeleted(let it): it.channel?.summary ?? ""
    case .channelDisabled(let it): "\(it.name): the receiver is gone"
    case .eventsDropped(let it):
      "below entry \(it.belowIndex), before \(Timestamp(it.beforeTime)?.description ?? "")"
    case nil: ""
    }
  }
}

extension CommonV1.ApproverKey {
  fileprivate var summary: String {
    "\(hexadecimal(Array(keyID.prefix(8))))… of \(approver?.short ?? "")"
  }
}

extension CommonV1.Absence {
  fileprivate var summary: String {
    let until = "\(person) until \(Timestamp(endTime)?.description ?? "")"
    return delegate.isEmpty ? until : "\(until), delegate \(delegate)"
  }
}

extension CommonV1.LinkedPerson {
  /// Who is one human.
  public var words: String { subjects.map { "\($0.id) of \($0.issuer)" }.joined(separator: " = ") }
}

extension CommonV1.Decision {
  fileprivate var summary: String {
    let behalf = onBehalfOf.isEmpty ? "" : " on behalf of \(onBehalfOf)"
    let words = "\(verdict.word) at stage \(stage + 1)\(behalf)"
    return comment.isEmpty ? words : "\(words): \(comment)"
  }
}

extension EventV1.EndReason {
  public var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .windowEnded: "window ended"
    case .returned: "given back"
    case .unrecognized(let number): "reason \(number)"
    }
  }
}

extension CommonV1.Destination {
  /// Where it leads.
  public var place: String {
    switch target {
    case .webhook(let it): it.url
    case .syslog(let it): "syslog \(it.host):\(it.port)"
    case nil: ""
    }
  }

  fileprivate var summary: String {
    paused ? "\(name), \(place), paused" : "\(name), \(place)"
  }
}

extension CommonV1.DeadLetterChange {
  fileprivate var words: String {
    switch self {
    case .unspecified: "changed"
    case .added: "given up"
    case .retried: "to be sent again"
    case .missed: "never sent"
    case .unrecognized(let number): "changed (\(number))"
    }
  }
}
