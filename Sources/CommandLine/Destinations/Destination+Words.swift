internal import LockboxProto

extension ExportV1.DeliveryState {
  var words: Styled {
    switch self {
    case .unspecified: Styled("unknown")
    case .delivering: Styled("delivering", .good)
    case .retrying: Styled("retrying", .waiting)
    case .paused: Styled("paused", .waiting)
    case .disabled: Styled("gone", .bad)
    case .unrecognized(let number): Styled("state \(number)")
    }
  }
}
