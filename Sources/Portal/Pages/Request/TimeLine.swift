internal import Domain
internal import DomainProto
internal import LockboxProto
internal import StandardProto

/// What happened to a request, oldest first, as its record tells it. The log tells it with proof.
struct TimeLineEntry: Hashable, Sendable {
  let when: Moment
  let what: String
  let who: String?
  let words: [String]
  /// For the style: never the only sign.
  let tone: String

  static func entries(
    of record: ApprovalsV1.AccessRequestRecord, _ reading: Reading
  ) -> [TimeLineEntry] {
    var line = Line(reading: reading)
    let asked = record.accessRequest ?? .init()
    line.add(asked.receiveTime, "timeline.received", who: asked.engineer)
    for decision in record.decisions {
      let isApproval = decision.verdict == .approve
      line.add(
        decision.decideTime, isApproval ? "timeline.approved" : "timeline.denied",
        who: decision.approver, words: decision.comment, tone: isApproval ? "good" : "bad")
    }
    for entry in record.thread {
      line.add(
        entry.time, entry.kind == .question ? "timeline.asked" : "timeline.answered",
        who: entry.author, words: entry.text)
    }
    if let grant = record.grant {
      line.add(grant.startTime, "timeline.granted", tone: "good")
    }
    line.add(endingOf: record)
    if let review = record.review, review.verdict != .unspecified {
      let isAccepted = review.verdict == .accepted
      line.add(
        review.closeTime, isAccepted ? "timeline.accepted" : "timeline.disputed",
        who: review.reviewer, words: review.comment, tone: isAccepted ? "good" : "bad")
    }
    return line.inOrder
  }
}

private struct Line {
  let reading: Reading
  private var entries: [(time: Timestamp, entry: TimeLineEntry)] = []

  init(reading: Reading) { self.reading = reading }

  /// Of two at one moment the first one added stays first.
  var inOrder: [TimeLineEntry] {
    entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element.entry)
  }

  mutating func add(
    _ time: GoogleProtobuf.Timestamp?, _ key: String, who: CommonV1.Subject? = nil,
    words: String = "", tone: String = "faint"
  ) {
    guard let time = Timestamp(time) else { return }
    let entry = TimeLineEntry(
      when: reading.moment(time), what: reading.texts(key),
      who: who.map { PersonWords.name($0) }, words: reading.lines(words), tone: tone)
    entries.append((time, entry))
  }

  /// How it ended where no decision says so, or when it will.
  mutating func add(endingOf record: ApprovalsV1.AccessRequestRecord) {
    switch record.state {
    case .expired: add(record.deadline ?? record.updateTime, "timeline.expired", tone: "bad")
    case .withdrawn: add(record.updateTime, "timeline.withdrawn")
    case .revoked: add(record.updateTime, "timeline.revoked", tone: "bad")
    // Given back, it was over before the end of its window.
    case .ended: add(record.updateTime ?? record.grant?.endTime, "timeline.ended")
    case .denied:
      if !record.denialReason.isEmpty { add(record.updateTime, "timeline.refused", tone: "bad") }
    case .approved: add(record.grant?.endTime, "timeline.ends")
    case .unspecified, .received, .awaitingProvider, .awaitingCustomer, .unrecognized:
      add(record.deadline, "timeline.deadline", tone: "waiting")
    }
  }
}
