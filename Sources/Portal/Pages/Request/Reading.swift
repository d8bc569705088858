internal import Domain
internal import DomainProto
internal import LockboxProto
internal import StandardProto
internal import Words

/// For whom a view model is made: language, clock and now. View models are made of this and of
/// messages of the API alone.
struct Reading: Sendable {
  let texts: Texts
  let zone: Zone
  let now: Timestamp
  /// One of the provider's people.
  var isProviders = false

  func moment(_ time: Timestamp) -> Moment { Moment(time, zone, texts) }

  /// Nil where it is unset.
  func moment(_ time: GoogleProtobuf.Timestamp?) -> Moment? {
    Timestamp(time).map { moment($0) }
  }

  /// Nil where it is unset.
  func duration(_ duration: GoogleProtobuf.Duration?) -> String? {
    Duration(duration).map { texts.duration($0) }
  }

  /// Under which word a state stands: who waits for whom depends on where the reader is.
  func word(for state: CommonV1.AccessRequestState) -> String {
    switch state {
    case .awaitingProvider: isProviders ? "\(state.key)_here" : state.key
    case .awaitingCustomer: isProviders ? "\(state.key)_there" : state.key
    case .unspecified, .received, .approved, .denied, .expired, .withdrawn, .revoked, .ended,
      .unrecognized:
      state.key
    }
  }

  /// Text of others, a line each; none for no text.
  func lines(_ text: String) -> [String] { text.isEmpty ? [] : Printable.lines(text) }
}

extension Visit {
  var reading: Reading {
    Reading(texts: texts, zone: reader.zone, now: now, isProviders: tenant == nil)
  }
}

extension String {
  /// Templates take an empty text for something that is there.
  var ifAny: String? { isEmpty ? nil : self }
}
