internal import Domain
internal import Testing

@Suite("Notification settings")
struct NotificationSettingsTests {
  @Test(
    "mail addresses that need no quoting are allowed",
    arguments: [
      "a@b", "ana@acme.test", "ana.b+lockbox@mail.acme-corp.test", "o'neil@acme.test",
      "x@xn--bcher-kva.example",
    ])
  func allowed(_ address: String) {
    #expect(MailAddressRule.allows(address))
  }

  @Test(
    "what could end a header or mean two recipients is no address",
    arguments: [
      "", "a", "@b", "a@", "a b@c", "a@b c", "a@b\n", "a\r\nBcc: x@y", "a,b@c", "<a@b>", "\"a\"@b",
      "a@@b", "a@b@c", ".a@b", "a.@b", "a..b@c", "a@-b", "a@b-", "a@b..c", "a@[127.0.0.1]",
      "ä@b.test", "a@bücher.test", String(repeating: "a", count: 65) + "@b",
      "a@" + String(repeating: "b", count: 64), "a@" + String(repeating: "b.", count: 130) + "c",
    ])
  func refused(_ address: String) {
    #expect(!MailAddressRule.allows(address))
  }

  @Test("quiet hours end before they begin when they go over midnight")
  func quietHours() throws {
    func minute(_ text: String) throws -> MinuteOfDay { try #require(MinuteOfDay(text)) }
    let night = QuietHours(start: try minute("22:00"), end: try minute("06:30"))
    let noon = QuietHours(start: try minute("12:00"), end: try minute("13:00"))
    for (text, isNight, isNoon) in [
      ("00:00", true, false), ("06:29", true, false), ("06:30", false, false),
      ("12:00", false, true), ("12:59", false, true), ("13:00", false, false),
      ("21:59", false, false), ("22:00", true, false), ("23:59", true, false),
    ] {
      #expect(night.contains(try minute(text)) == isNight, "\(text)")
      #expect(noon.contains(try minute(text)) == isNoon, "\(text)")
    }
  }

  @Test(
    "times of day are written with two digits each",
    arguments: ["24:00", "12:60", "1:00", "01:0", "0100", "-1:00", "+1:00", "01:00:00", ""])
  func minutes(_ text: String) {
    #expect(MinuteOfDay(text) == nil)
  }

  @Test("every violation is told by its place")
  func violations() throws {
    let minute = try #require(MinuteOfDay("01:00"))
    let settings = NotificationSettings(
      recipients: [
        MailRecipient(address: "no address"), MailRecipient(address: "a@b"),
        MailRecipient(address: "a@b"),
      ], timeZone: "../etc", quietHours: QuietHours(start: minute, end: minute),
      digestInterval: .seconds(1))
    var violations = Violations()
    violations.tenant(
      TenantSettings(
        tenant: TenantID("acme")!, displayName: "Acme", lockboxEnabled: false,
        requestLifetime: .hours(12), longestAccess: .hours(4),
        approvers: Approvers(people: [], groups: [], quorum: 1), contacts: ["x"],
        notifications: settings), rules: .production)
    #expect(
      violations.found.map(\.field) == [
        "settings.contacts[0]", "settings.notifications.recipients[0].address",
        "settings.notifications.recipients[2].address", "settings.notifications.time_zone",
        "settings.notifications.digest_interval", "settings.notifications.quiet_hours",
      ])
  }
}
