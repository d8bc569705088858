internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Notify

/// Who is told of which event: tables.
@Suite struct PlanningTests {
  private typealias Payload = EventV1.Event.Payload

  /// Of each event: who is told what, in short: `c` the customer, `m` managers, `e` the engineer.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    /// What happened before, and the event itself.
    let events: [EventV1.Event.Payload]
    let told: String

    var testDescription: String { name }
  }

  private static let asked: [Payload] = [
    Samples.stageOpened(.provider), Samples.stageOpened(.customer, stage: 1),
  ]
  private static let granted: [Payload] =
    asked + [.accessRequestApproved(.init(grant: Samples.grant()))]
  private static let broken: [Payload] = [
    .breakGlassOpened(.init()), Samples.stageOpened(.provider),
    .accessRequestApproved(.init(grant: Samples.grant(isBreakGlass: true))),
    .breakGlassUsed(.init(reviewDueTime: .init(Samples.now + .hours(72)))),
  ]

  static let rows: [Row] = [
    Row(
      name: "a provider's stage", events: [Samples.stageOpened(.provider)],
      told: "m:approval_needed e:progress"),
    Row(name: "the customer's stage", events: asked, told: "c:approval_needed e:progress"),
    Row(
      name: "a manager's reminder",
      events: [Samples.stageOpened(.provider), .stageReminder(.init())], told: "m:reminder"),
    Row(name: "a reminder", events: asked + [.stageReminder(.init(stage: 1))], told: "c:reminder"),
    Row(
      name: "the last reminder", events: asked + [.accessRequestAboutToExpire(.init(stage: 1))],
      told: "c:about_to_expire e:about_to_expire"),
    Row(
      name: "an escalation", events: [asked[0], .stageEscalated(.init())], told: "m:escalated"),
    Row(
      name: "a quorum out of reach", events: asked + [.quorumOutOfReach(.init(stage: 1))],
      told: "c:quorum_out_of_reach e:quorum_out_of_reach"),
    Row(name: "a decision alone", events: asked + [.decisionRecorded(.init())], told: ""),
    Row(name: "an approval", events: granted, told: "c:approved m:approved e:approved"),
    Row(
      name: "an approval where lockbox is off",
      events: [asked[0], .accessRequestApproved(.init(grant: Samples.grant()))],
      told: "m:approved e:approved"),
    Row(
      name: "a denial by a manager", events: [asked[0], .accessRequestDenied(.init())],
      told: "m:denied e:denied"),
    Row(
      name: "a denial by the customer", events: asked + [.accessRequestDenied(.init(stage: 1))],
      told: "c:denied m:denied e:denied"),
    Row(
      name: "an expiry", events: asked + [.accessRequestExpired(.init(stage: 1))],
      told: "c:expired m:expired e:expired"),
    Row(
      name: "a withdrawal", events: asked + [.accessRequestWithdrawn(.init())],
      told: "c:withdrawn m:withdrawn e:withdrawn"),
    Row(
      name: "a question",
      events: asked + [.threadEntryAdded(.init(entry: .init(kind: .question)))],
      told: "e:question"),
    Row(
      name: "an answer to the customer",
      events: asked + [.threadEntryAdded(.init(entry: .init(kind: .answer)))], told: "c:answer"),
    Row(
      name: "an answer to managers",
      events: [asked[0], .threadEntryAdded(.init(entry: .init(kind: .answer)))], told: "m:answer"),
    Row(
      name: "a revocation", events: granted + [.grantRevoked(.init())],
      told: "c:grant_revoked m:grant_revoked e:grant_revoked"),
    Row(
      name: "an end", events: granted + [.grantEnded(.init(reason: .windowEnded))],
      told: "c:grant_ended m:grant_ended e:grant_ended"),
    Row(
      name: "the glass about to be broken", events: [broken[0]],
      told: "c:break_glass_opened m:break_glass_opened"),
    Row(
      name: "the grant of a broken glass", events: Array(broken.prefix(3)),
      told: "m:approved e:approved"),
    Row(
      name: "the broken glass", events: broken, told: "c:break_glass_used m:break_glass_used"),
    Row(
      name: "the end of an emergency", events: broken + [.grantEnded(.init())],
      told: "c:grant_ended m:grant_ended e:grant_ended c:review_due c:review_due"),
    Row(
      name: "a review", events: broken + [.breakGlassReviewClosed(.init())],
      told: "c:review_closed m:review_closed e:review_closed"),
    Row(name: "a token", events: granted + [.accessTokenIssued(.init())], told: ""),
    Row(
      name: "settings", events: [.tenantApplied(.init(settings: Samples.settings()))],
      told: "c:settings_changed"),
    Row(
      name: "a new tenant",
      events: [.tenantApplied(.init(settings: Samples.settings(), version: 1))], told: ""),
    Row(name: "a key", events: [.approverKeyRegistered(.init())], told: "c:key_registered"),
    Row(
      name: "a confirmed key", events: [.approverKeyConfirmed(.init())], told: "c:key_registered"),
    Row(name: "a revoked key", events: [.approverKeyRevoked(.init())], told: "c:key_registered"),
    Row(name: "an absence", events: [.absenceSet(.init())], told: ""),
    Row(name: "a policy", events: [.policyApplied(.init())], told: ""),
  ]

  private static func planner(
    _ events: [Payload], _ settings: CommonV1.TenantSettings? = Samples.settings(),
    channels: [NoticeChannel] = [], provider: ProviderNotices = Samples.provider,
    mail: String = "erin@provider.test", before: CommonV1.TenantSettings? = nil,
    now: Timestamp = Samples.now
  ) throws -> NoticePlanner {
    var progress = RequestProgress()
    for event in events { progress.apply(event) }
    let isOfRequest: Bool =
      switch events.last {
      case .tenantApplied, .approverKeyRegistered, .approverKeyConfirmed, .approverKeyRevoked,
        .absenceSet, .policyApplied:
        false
      default: true
      }
    let event = Samples.event(events.last!, of: isOfRequest ? Samples.request : nil)
    return NoticePlanner(
      event: event, id: EventID(event.eventID)!,
      request: isOfRequest ? try Samples.stored(progress, mail: mail) : nil,
      settings: NoticeSettings(
        tenant: settings, customerChannels: channels.filter { $0.owner != nil },
        provider: provider, providerChannels: channels.filter { $0.owner == nil }),
      settingsBefore: before, now: now)
  }

  private static func short(_ drafts: [NoticeDraft]) -> String {
    drafts.map { "\($0.audience.name.prefix(1)):\($0.kind.apiName)" }.joined(separator: " ")
  }

  @Test(arguments: rows)
  func `Of each event those hear who should`(_ row: Row) throws {
    let drafts = try Self.planner(row.events).notices()
    #expect(Self.short(drafts) == row.told)
    for draft in drafts {
      let address =
        switch draft.audience {
        case .customer: "it@acme.test"
        case .managers: "max@provider.test"
        case .engineer: "erin@provider.test"
        }
      #expect(draft.lane == .mail(address))
      #expect(draft.owner == (draft.audience == .customer ? Samples.acme : nil))
      #expect(draft.tenant == Samples.acme)
    }
  }

  @Test func `Contacts hear of everything, others of what they asked for, each once`() throws {
    let settings = Samples.settings(
      contacts: ["it@acme.test", "it@acme.test"],
      NotificationSettings(
        recipients: [
          MailRecipient(address: "it@acme.test", language: .german, kinds: [.denied]),
          MailRecipient(address: "a@acme.test", kinds: [.approvalNeeded]),
          MailRecipient(address: "b@acme.test", kinds: [.denied]),
          MailRecipient(address: "c@acme.test", workloads: [Workload("exchange")!]),
          MailRecipient(address: "d@acme.test", workloads: [Workload("sharepoint")!]),
        ], detail: .none, timeZone: "Europe/Berlin"))
    let drafts = try Self.planner(Self.asked, settings, mail: "").notices()
    #expect(
      drafts.map(\.lane) == [.mail("it@acme.test"), .mail("a@acme.test"), .mail("c@acme.test")])
    #expect(drafts.map(\.language) == [.german, .english, .english])
    #expect(drafts.allSatisfy { $0.detail == .none && $0.timeZone == "Europe/Berlin" })
    let key = try Self.planner([.approverKeyRegistered(.init())], settings).notices()
    #expect(
      key.map(\.lane) == [.mail("it@acme.test"), .mail("c@acme.test"), .mail("d@acme.test")],
      "what is of no request is of every workload")
  }

  @Test func `Channels get what they want, unless paused`() throws {
    let channels = [
      Samples.channel("all"), Samples.channel("denials", kinds: [.denied]),
      Samples.channel("paused", isPaused: true), Samples.channel("managers", owner: nil),
    ]
    let drafts = try Self.planner(
      Self.asked, Samples.settings(contacts: []), channels: channels, mail: ""
    ).notices()
    #expect(drafts.map(\.recipientName) == ["all"])
    #expect(drafts[0].lane == .channel(channels[0].id))
    let managers = try Self.planner(
      [Self.asked[0]], channels: channels, mail: ""
    ).notices()
    #expect(managers.map(\.recipientName) == ["", "managers"])
  }

  @Test func `Whoever is dropped from the settings hears of that, and of a broken glass`() throws {
    let settings = Samples.settings(contacts: ["new@acme.test"])
    let changed = try Self.planner(
      [.tenantApplied(.init(settings: settings))], settings,
      before: Samples.settings(contacts: ["old@acme.test", "new@acme.test"])
    ).notices()
    #expect(changed.map(\.lane) == [.mail("new@acme.test"), .mail("old@acme.test")])
    let broken = try Self.planner(
      [.breakGlassOpened(.init(contacts: ["soc@acme.test", "new@acme.test"]))], settings
    ).notices().filter { $0.audience == .customer }
    #expect(broken.map(\.lane) == [.mail("new@acme.test"), .mail("soc@acme.test")])
  }

  @Test func `Without an address, or where the provider says so, engineers hear nothing`() throws {
    let silent = ProviderNotices(
      contacts: [], language: .english, detail: .summary, timeZone: "UTC", tellsEngineers: false)
    #expect(
      try Self.planner(Self.granted, mail: "").notices().map(\.audience) == [.customer, .managers])
    #expect(
      try Self.planner(Self.granted, provider: silent).notices().map(\.audience) == [.customer])
  }

  @Test func `A tenant that nothing is known of is told nothing`() throws {
    let drafts = try Self.planner(Self.asked, nil).notices()
    #expect(drafts.map(\.audience) == [.engineer])
  }

  @Test func `What is about an open stage has no point after it, a review none after its due`()
    throws
  {
    let asked = try #require(try Self.planner(Self.asked).notices().first)
    #expect(asked.stage == 1 && asked.pointless == Samples.now + .hours(12))
    let review = try Self.planner(Self.broken + [.grantEnded(.init())]).notices()
      .filter { $0.kind == .reviewDue }
    #expect(review.map(\.notBefore) == [Samples.now, Samples.now + .hours(48)])
    #expect(review.allSatisfy { $0.pointless == Samples.now + .hours(72) && $0.stage == nil })
    let denied = try Self.planner(Self.asked + [.accessRequestDenied(.init())]).notices()
    #expect(denied.allSatisfy { $0.stage == nil && $0.pointless == nil })
  }
}
