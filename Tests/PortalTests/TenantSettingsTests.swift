internal import Domain
internal import LockboxProto
internal import RPC
internal import StandardProto
internal import Testing
internal import Web

@testable internal import Portal

@Suite("Portal: a tenant's settings")
struct TenantSettingsTests {
  private let texts: Texts

  init() throws {
    texts = try Texts(.english, files: PortalFiles.below("Languages/en"))
  }

  /// Everything set.
  private let full: CommonV1.TenantSettings = {
    var settings = CommonV1.TenantSettings()
    settings.tenantID = "acme"
    settings.displayName = "Acme"
    settings.lockboxEnabled = true
    settings.requestLifetime = .init(seconds: 43_200)
    settings.longestAccess = .init(seconds: 5_400)
    settings.approvers = .init(
      people: ["ana", "abe"], groups: ["approvers"], quorum: 2, roles: ["approver"],
      claims: [.init(claim: "site", anyOf: ["hq"])])
    settings.contacts = ["a@acme.test", "b@acme.test"]
    settings.requireSignedDecisions = true
    settings.keyWaitingTime = .init(seconds: 86_400)
    settings.enrolledWorkloads = ["exchange"]
    settings.workloadApprovers = [
      .init(workload: "exchange", approvers: .init(people: ["ana"], quorum: 1)),
      .init(workload: "sharepoint", approvers: .init(groups: ["x"], quorum: 3)),
    ]
    settings.auditRetention = .init(seconds: 90 * 86_400)
    settings.breakGlass = .init(
      reasons: [.productionAlert], longestAccess: .init(seconds: 1_800),
      reviewLifetime: .init(seconds: 72 * 3_600))
    settings.notifications = .init(
      recipients: [.init(address: "c@acme.test", language: "de", kinds: [.approvalNeeded])],
      detail: .full, language: "de", timeZone: "Europe/Berlin",
      quietHours: .init(start: "22:00", end: "07:00"), digestInterval: .init(seconds: 3_600))
    return settings
  }()

  private var sections: [SettingsSection] {
    SettingsSection.all + [.workload("exchange"), .workload("sharepoint")]
  }

  /// A form as a browser sends it when nothing was touched.
  private func sent(_ form: SettingsForm) -> WebForm {
    WebForm(
      form.section.items.flatMap { item -> [WebField] in
        let values = form.values[item.name] ?? []
        return item.kind == .lines
          ? [WebField(item.name, values.map { $0 + "\r\n" }.joined())]
          : values.isEmpty && item.kind == .duration
            ? [WebField(item.name, "")] : values.map { WebField(item.name, $0) }
      })
  }

  @Test("a form that nobody touched changes nothing, whatever was set")
  func untouched() {
    let bare = CommonV1.TenantSettings(
      tenantID: "acme", requestLifetime: .init(seconds: 43_200),
      longestAccess: .init(seconds: 14_400), approvers: .init(groups: ["approvers"], quorum: 1))
    for (settings, sections) in [(full, sections), (bare, SettingsSection.all)] {
      for section in sections {
        var form = SettingsForm(section, sent(SettingsForm(section, settings)))
        var written = settings
        form.write(to: &written, texts)
        #expect(!form.isFaulty, "\(section.word): \(form.faults)")
        #expect(written == settings, "\(section.word)")
      }
    }
  }

  @Test("each field changes what it says, and what the page cannot set stays")
  func changes() {
    func changed(_ section: SettingsSection, _ fields: [String: String]) -> CommonV1.TenantSettings
    {
      var form = SettingsForm(section, full)
      for (name, value) in fields {
        form.values[name] = value.split(separator: ",").map(String.init)
      }
      var settings = full
      form.write(to: &settings, texts)
      #expect(!form.isFaulty, "\(form.faults)")
      return settings
    }
    let approvers = changed(
      .approvers, ["people": "eve", "groups": "", "quorum": "1", "signed": ""])
    #expect(approvers.approvers?.people == ["eve"] && approvers.approvers?.groups == [])
    #expect(approvers.approvers?.quorum == 1 && !approvers.requireSignedDecisions)
    #expect(approvers.approvers?.roles == ["approver"])
    #expect(approvers.approvers?.claims == full.approvers?.claims)

    let times = changed(.times, ["longest_access": "2h", "retention": ""])
    #expect(times.longestAccess?.seconds == 7_200 && times.auditRetention == nil)

    let none = changed(.emergency, ["emergency_reasons": ""])
    #expect(none.breakGlass == nil)
    let more = changed(.emergency, ["emergency_reasons": "security_review,production_alert"])
    #expect(more.breakGlass?.reasons == [.securityReview, .productionAlert])
    #expect(more.breakGlass?.longestAccess?.seconds == 1_800)

    let notices = changed(
      .notices, ["recipients": "c@acme.test,d@acme.test", "quiet_start": "", "quiet_end": ""])
    #expect(notices.notifications?.recipients.map(\.address) == ["c@acme.test", "d@acme.test"])
    #expect(notices.notifications?.recipients.first?.kinds == [.approvalNeeded])
    #expect(notices.notifications?.quietHours == nil)

    let workload = changed(.workload("teams"), ["people": "tom", "quorum": "1"])
    #expect(workload.workloadApprovers.map(\.workload) == ["exchange", "sharepoint", "teams"])
    #expect(workload.workloadApprovers.last?.approvers?.people == ["tom"])
  }

  @Test(
    "what cannot be understood is told at its field, and nothing else is",
    arguments: [
      ("times", "longest_access", "soon"), ("times", "longest_access", "12"),
      ("times", "longest_access", ""), ("times", "request_lifetime", "-1 h"),
      ("times", "retention", "ever"), ("approvers", "quorum", "two"), ("approvers", "quorum", ""),
      ("approvers", "quorum", "-1"), ("notices", "digest", "1"), ("notices", "detail", "all"),
      ("emergency", "emergency_access", "1 year"),
    ])
  func faults(_ word: String, _ name: String, _ value: String) throws {
    let section = try #require(SettingsSection.all.first { $0.word == word })
    var form = SettingsForm(section, full)
    form.values[name] = value.isEmpty ? [] : [value]
    var settings = full
    form.write(to: &settings, texts)
    #expect(Array(form.faults.keys) == [name])
  }

  @Test("what the API finds wrong stands at the field that it is about")
  func violations() {
    var form = SettingsForm(.notices, full)
    form.add(
      [
        ("settings.contacts[1]", "no address"), ("settings.notifications.quiet_hours.start", "odd"),
        ("settings.notifications.quiet_hours", "end missing"),
        ("settings.notifications.time_zone", "unknown"), ("settings.contactsX", "other"),
        ("settings.tenant_id", "reserved"),
      ].map { FieldViolation(field: $0.0, description: $0.1) })
    #expect(
      form.faults == [
        "contacts": ["no address"], "quiet_start": ["odd"], "quiet_end": ["end missing"],
        "time_zone": ["unknown"],
      ])
    #expect(form.otherFaults == ["settings.contactsX: other", "settings.tenant_id: reserved"])
    var approvers = SettingsForm(.approvers, full)
    approvers.add([.init(field: "settings.approvers.quorum", description: "too high")])
    approvers.add([.init(field: "settings.approvers.people[0]", description: "empty")])
    #expect(approvers.faults == ["quorum": ["too high"], "people": ["empty"]])
  }

  @Test(
    "durations are read and written as people do",
    arguments: [
      ("30 min", 1_800, "30 min"), ("90m", 5_400, "90 min"), ("12h", 43_200, "12 h"),
      ("24 H", 86_400, "24 h"), ("3 d", 259_200, "3 d"), ("72 hours", 259_200, "3 d"),
      ("2 Tage", 172_800, "48 h"), ("45 Sekunden", 45, "45 s"), ("0 s", 0, "0 s"),
      ("", nil, ""), ("12", nil, ""), ("h", nil, ""), ("1.5 h", nil, ""), ("-3 h", nil, ""),
      ("9999999999 h", nil, ""), ("3 weeks", nil, ""),
    ] as [(String, Int64?, String)])
  func durations(_ text: String, _ seconds: Int64?, _ written: String) {
    let duration = SettingsDuration.message(text)
    #expect(duration?.seconds == seconds)
    if let duration { #expect(SettingsDuration.text(duration) == written) }
  }

  @Test("every item and section has words in every language")
  func words() throws {
    for language in Language.allCases {
      let texts = try Texts(language, files: PortalFiles.below("Languages/\(language.rawValue)"))
      for section in sections {
        #expect(texts.find("settings.section.\(section.word).title") != nil)
        #expect(texts.find("settings.section.\(section.word).what") != nil)
        for item in section.items {
          #expect(texts.find("settings.item.\(item.name)") != nil, "\(item.name)")
          let field = SettingsField(item, SettingsForm(section, full), texts)
          #expect(field.options.allSatisfy { !$0.text.isEmpty })
        }
      }
      for state in ["delivering", "retrying", "paused", "disabled", "unknown"] {
        #expect(texts.find("settings.outlet_state.\(state)") != nil)
      }
      for target in ChannelService.targets + DestinationService.targets + ["unknown"] {
        #expect(texts.find("settings.target.\(target)") != nil)
      }
    }
  }
}
