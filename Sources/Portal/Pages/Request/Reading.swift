internal import Domain
internal import DomainProto
internal import StandardProto
internal import Words

/// For whom a view model is made: language, clock and now. View models are made of this and of
/// messages of the API alone.
struct Reading: Sendable {
  let texts: Texts
  let zone: Zone
  let now: Timestamp

  func moment(_ time: Timestamp) -> Moment { Moment(time, zone, texts) }

  /// Nil where it is unset.
  func moment(_ time: GoogleProtobuf.Timestamp?) -> Moment? {
    Timestamp(time).map { moment($0) }
  }

  /// Nil where it is unset.
  func duration(_ duration: GoogleProtobuf.Duration?) -> String? {
    Duration(duration).map { texts.duration($0) }
  }

  /// Text of others, a line each; none for no text.
  func lines(_ text: String) -> [String] { text.isEmpty ? [] : Printable.lines(text) }
}

extension Visit {
  var reading: Reading { Reading(texts: texts, zone: reader.zone, now: now) }
}

extension String {
  /// Templates take an empty text for something that is there.
  var ifAny: String? { isEmpty ? nil : self }
}
