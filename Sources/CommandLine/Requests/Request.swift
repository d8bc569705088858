internal import Domain
internal import DomainProto
internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import Words

/// A request as intake or approvals tells of it: people need not know who was asked.
enum Request: Sendable, Hashable {
  case status(IntakeV1.AccessRequestStatus)
  case record(ApprovalsV1.AccessRequestRecord)

  var asked: CommonV1.AccessRequest {
    switch self {
    case .status(let status): status.accessRequest ?? .init()
    case .record(let record): record.accessRequest ?? .init()
    }
  }

  var state: CommonV1.AccessRequestState {
    switch self {
    case .status(let status): status.state
    case .record(let record): record.state
    }
  }

  var digest: [UInt8] {
    switch self {
    case .status(let status): status.requestDigest
    case .record(let record): record.requestDigest
    }
  }

  /// Of the open stage, or of the grant's window.
  var deadline: GoogleProtobuf.Timestamp? {
    switch self {
    case .status(let status): status.deadline
    case .record(let record): record.deadline
    }
  }

  var updateTime: GoogleProtobuf.Timestamp? {
    switch self {
    case .status(let status): status.updateTime
    case .record(let record): record.updateTime
    }
  }

  var grantID: String {
    switch self {
    case .status(let status): status.grantID
    case .record(let record): record.grant?.grantID ?? ""
    }
  }

  /// Of what break-glass gave, where approvals was asked.
  var review: CommonV1.BreakGlassReview? {
    switch self {
    case .status: nil
    case .record(let record): record.review
    }
  }

  /// How far the open stage is, where it is known.
  private var progress: String? {
    guard case .record(let record) = self, state.isPending, record.openStage < record.stages.count
    else { return nil }
    let stage = record.stages[Int(record.openStage)]
    return "\(stage.approvals) of \(stage.quorum) at \(Printable.line(stage.name))"
  }

  /// The one line that tells of a change of state.
  func line(_ style: Style, _ times: LocalTime) -> String {
    let time = Timestamp(updateTime).map { times.clock($0) } ?? ""
    var words = "\(time)  \(Printable.line(asked.requestID))  \(state.words.painted(style))"
    if asked.breakGlass { words += ", break-glass" }
    if let progress { words += ", \(progress)" }
    if state.isPending || state == .approved, deadline != nil {
      words += ", until \(times.full(deadline).text)"
    }
    if state == .approved { words += ", grant \(Printable.line(grantID))" }
    return words
  }
}
