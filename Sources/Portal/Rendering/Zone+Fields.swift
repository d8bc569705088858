internal import Domain
internal import DomainProto

extension Zone {
  /// A moment as a field `datetime-local` writes it: `2026-11-22T13:05`, with seconds or without. Nil
  /// for anything else.
  ///
  /// Of an hour that comes twice when clocks go back, the first; of one that is skipped, the hour
  /// after.
  func moment(_ text: String) -> Timestamp? {
    let whole = text.utf8.count == 16 ? text + ":00" : text
    guard whole.utf8.count == 19, let written = Timestamp(rfc3339: whole + "Z") else { return nil }
    // The offset of the day before is the larger one when clocks go back, so that it finds the first
    // of two hours; when they go forward it is the smaller one, which reads on past the gap.
    let before = written - offset(at: written - .hours(24))
    if before + offset(at: before) == written { return before }
    let after = written - offset(at: written + .hours(24))
    return after + offset(at: after) == written ? after : before
  }

  /// The other way round, to the minute.
  func field(_ moment: Timestamp) -> String {
    String((moment + offset(at: moment)).description.prefix(16))
  }
}
