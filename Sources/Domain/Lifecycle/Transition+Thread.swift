extension Transition {
  /// Somebody who may decide at the open stage asks the engineer. Asking decides nothing and moves
  /// no deadline.
  static func ask(
    _ record: RequestRecord, _ text: String, by person: Person, _ absences: [Absence],
    at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard !person.isSame(as: record.request.engineer) else { throw .ownRequest }
    let index = try openStage(of: record, at: now)
    guard let stage = record.snapshot?.stages[index], let deadline = record.deadline,
      isEligible(person, at: stage, of: record.request, now, deadline: deadline)
        || absences.contains(where: {
          isEligible(person, lent: $0, at: stage, of: record.request, now)
        })
    else { throw .notEligible }
    return try append(.question, text, by: person.subject, to: record, at: now)
  }

  /// The engineer answers, while somebody may still decide.
  static func answer(
    _ record: RequestRecord, _ text: String, by subject: Subject, at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard subject == record.request.engineer else { throw .notRequester }
    _ = try openStage(of: record, at: now)
    guard !record.thread.isEmpty else { throw .nothingAsked }
    return try append(.answer, text, by: subject, to: record, at: now)
  }

  private static func openStage(
    of record: RequestRecord, at now: Timestamp
  ) throws(Refusal) -> Int {
    guard let open = record.state.openStage else {
      throw record.state == .expired ? .requestExpired : .requestClosed
    }
    guard now < open.deadline else { throw .requestExpired }
    return open.index
  }

  private static func append(
    _ kind: ThreadEntry.Kind, _ text: String, by author: Subject, to record: RequestRecord,
    at now: Timestamp
  ) throws(Refusal) -> Transition {
    // The same words again, with nothing said since, are the same call again.
    if let last = record.thread.last, last.kind == kind, last.author == author, last.text == text {
      return unchanged(record)
    }
    guard record.thread.count < Limits.threadLength else { throw .threadFull }
    let entry = ThreadEntry(kind: kind, author: author, text: text, time: now)
    var asked = record
    asked.thread.append(entry)
    return Transition(record: asked, effects: [.said(entry)])
  }
}
