internal import Domain
internal import DomainProto
internal import StandardProto

extension LocalTime {
  /// Empty where it is unset.
  func full(_ time: GoogleProtobuf.Timestamp?) -> Styled {
    Timestamp(time).map { Styled(full($0)) } ?? ""
  }

  func relative(_ time: GoogleProtobuf.Timestamp?) -> Styled {
    Timestamp(time).map { Styled(relative($0)) } ?? ""
  }
}
