internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// Writes notices without sending them.
struct PreviewHandler: Sendable {
  let store: any NotifyStore
  let writer: NoticeWriter
  let provider: ProviderNotices
  let clock: any WallClock

  func add(to router: inout Router) {
    router.unary(NotifyV1.NotifyService.previewNotice, preview)
  }

  private func preview(
    _ request: NotifyV1.PreviewNoticeRequest, _ context: ServerContext
  ) async throws -> NotifyV1.PreviewNoticeResponse {
    let owner = try context.caller().owner(request.tenantID)
    let asked = try Asked(request, owner)
    let (settings, stored) = try await store.read { reader in
      (
        try owner.flatMap { try reader.settings(of: $0) },
        try asked.request.map { try reader.request($0, of: owner) }
      )
    }
    let now = clock.now()
    let about = stored?.tenant ?? owner
    let sample = SampleContent(kind: asked.kind, tenant: about, settings: settings, now: now)
    var draft = NoticeDraft(
      lane: .mail(""), owner: owner, tenant: about, event: .make(at: now), kind: asked.kind,
      audience: asked.audience, notBefore: now)
    let notices = settings.map(TenantNotices.init)
    draft.language = asked.language ?? notices?.language ?? provider.language
    draft.detail = asked.detail ?? notices?.detail ?? provider.detail
    draft.timeZone = notices?.timeZone ?? provider.timeZone
    let content = try sample.content(stored)
    draft.request = content.request?.id
    let message = writer.message(
      [writer.write(draft, content)], draft.language, isRepeated: false)
    return .init(subject: message.subject, text: message.text, html: message.html)
  }

  /// What is asked for, checked.
  private struct Asked {
    let kind: NoticeKind
    let audience: Audience
    let language: NoticeLanguage?
    let detail: NoticeDetail?
    let request: RequestID?

    init(_ request: NotifyV1.PreviewNoticeRequest, _ owner: TenantID?) throws {
      var violations = Violations()
      let kind = violations.unwrap(
        NoticeKind(rawValue: request.kind.rawValue), "kind", "is missing or unknown")
      language = violations.language(request.language, "language")
      detail =
        request.detail == .unspecified
        ? nil
        : violations.unwrap(
          NoticeDetail(rawValue: request.detail.rawValue), "detail", "is unknown")
      self.request =
        request.requestID.isEmpty
        ? nil
        : violations.unwrap(RequestID(request.requestID), "request_id", "is no request id")
      switch (request.audience, owner) {
      case (.unspecified, nil), (.managers, nil): audience = .managers
      case (.engineer, nil): audience = .engineer
      case (.unspecified, _?), (.customer, _?): audience = .customer
      default:
        audience = .customer
        violations.add("audience", "must be whose people the tenant id names")
      }
      try violations.check()
      guard let kind else { preconditionFailure("no kind without a violation") }
      self.kind = kind
    }
  }
}

extension NotifyReader {
  /// One that the owner's people may see: a tenant's its own, the provider's every one. Foreign and
  /// missing alike are not found (I6).
  fileprivate func request(_ id: RequestID, of owner: TenantID?) throws -> StoredRequest {
    guard let request = try request(id), owner == nil || request.tenant == owner,
      owner == nil || request.progress.isKnownToCustomer
    else { throw RPCError.notFound("access request") }
    return request
  }
}
