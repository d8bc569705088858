internal import Domain
internal import LockboxProto
internal import ServiceKit

extension RequestRecord {
  /// What the feed tells of a notice of the open stage.
  func payload(
    of notice: StageNotice, _ index: Int, deadline: Timestamp, available: Int?
  ) -> EventV1.Event.Payload {
    guard let stage = snapshot?.stages[index] else {
      preconditionFailure("a stage without a snapshot")
    }
    let quorum = UInt32(stage.approvers.quorum)
    let approvals = UInt32(approvals(at: index))
    switch notice {
    case .reminder:
      return .stageReminder(
        .init(
          stage: UInt32(index), name: stage.name, quorum: quorum, approvals: approvals,
          deadline: .init(deadline)))
    case .escalated:
      return .stageEscalated(
        .init(
          stage: UInt32(index), name: stage.name, quorum: quorum, approvals: approvals,
          deadline: .init(deadline)))
    case .aboutToExpire:
      return .accessRequestAboutToExpire(
        .init(
          stage: UInt32(index), name: stage.name, quorum: quorum, approvals: approvals,
          deadline: .init(deadline)))
    case .quorumOutOfReach:
      return .quorumOutOfReach(
        .init(
          stage: UInt32(index), name: stage.name, quorum: quorum, approvals: approvals,
          deadline: .init(deadline), available: UInt32(available ?? 0)))
    }
  }
}
