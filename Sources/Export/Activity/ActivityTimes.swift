internal import Domain

/// Which content a collector asks for, by when it was there.
struct ActivityRange: Hashable, Sendable {
  let start: Timestamp
  /// Exclusive.
  let end: Timestamp

  static let longest = Duration.hours(24)
  static let furthest = ContentBlob.lifetime
  /// Whoever asks for the last seven days has waited a moment for the answer.
  static let leeway = Duration.minutes(5)

  /// - Throws: `timeRange`; `parameterType` for what is no time.
  init(start: String?, end: String?, now: Timestamp) throws(ActivityError) {
    switch (start, end) {
    case (nil, nil):
      // To whole seconds, as the next page's URL says it.
      let end = Timestamp(nanoseconds: now.nanoseconds / 1_000_000_000 * 1_000_000_000)
      self.end = end + .seconds(1)
      self.start = self.end - Self.longest
    case (let start?, let end?):
      self.start = try Self.parse(start, "startTime")
      self.end = try Self.parse(end, "endTime")
      guard self.start < self.end, self.end - self.start <= Self.longest,
        now - self.start <= Self.furthest + Self.leeway
      else { throw .timeRange }
    default: throw .timeRange
    }
  }

  private static func parse(_ text: String, _ name: String) throws(ActivityError) -> Timestamp {
    guard let time = Timestamp(activity: text) else {
      throw .parameterType(name, expected: "datetime")
    }
    return time
  }

  var range: Range<Timestamp> { start..<end }
}

extension Timestamp {
  /// `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS`, in UTC. Many collectors send
  /// fractions or a `Z` too, which are understood.
  init?(activity text: String) {
    guard text.utf8.count <= 35 else { return nil }
    let isZoned = text.hasSuffix("Z")
    let plain = isZoned ? String(text.dropLast()) : text
    switch plain.utf8.count {
    case 10: self.init(rfc3339: plain + "T00:00:00Z")
    case 16: self.init(rfc3339: plain + ":00Z")
    case 19...: self.init(rfc3339: plain + "Z")
    default: return nil
    }
  }

  /// `2015-05-23T17:35:00.000Z`
  var milliseconds: String {
    let digits = String(nanos / 1_000_000)
    return seconds19 + "." + String(repeating: "0", count: 3 - digits.utf8.count) + digits + "Z"
  }

  /// `2015-05-23T17:35:00`, without the fraction.
  var seconds19: String { String(description.prefix(19)) }

  /// So that it is read again as it was.
  var activity: String { nanos == 0 ? seconds19 : String(description.dropLast()) }
}
