extension Violations {
  mutating func notifications(_ settings: NotificationSettings) {
    let field = "settings.notifications"
    count(settings.recipients.count, "\(field).recipients", in: Limits.mailRecipientCount)
    var seen: Set<String> = []
    for (index, recipient) in settings.recipients.enumerated() {
      let place = "\(field).recipients[\(index)].address"
      mailAddress(recipient.address, place)
      require(seen.insert(recipient.address).inserted, place, "stands twice")
    }
    require(
      Limits.timeZoneLength.contains(settings.timeZone.utf8.count)
        && settings.timeZone.utf8.allSatisfy(isOfTimeZone), "\(field).time_zone",
      "is no name of the IANA time-zone database")
    if let interval = settings.digestInterval {
      duration(interval, "\(field).digest_interval", in: Limits.digestInterval)
    }
    if let quiet = settings.quietHours {
      require(
        quiet.start != quiet.end, "\(field).quiet_hours", "must not be the whole day or nothing")
    }
  }

  mutating func mailAddress(_ text: String, _ field: String) {
    require(
      MailAddressRule.allows(text), field,
      "must be a mail address, local@domain, without quotes, spaces or characters beyond ASCII")
  }
}

/// Letters, digits, `_`, `+`, `-` and `/`: nothing that leads out of a directory.
private func isOfTimeZone(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    || "_+-/".utf8.contains(byte)
}
