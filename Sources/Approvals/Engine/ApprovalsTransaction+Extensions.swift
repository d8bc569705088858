internal import Domain
internal import ServiceKit

extension ApprovalsTransaction {
  /// A grant that ended before its time takes along whatever continues it, in the same transaction:
  /// no moment lies between, in which an extension could still be approved.
  func followEnding(
    of transition: Transition, origin: EventOrigin, comment: String
  ) throws {
    guard let (grant, ending) = transition.earlyEnding else { return }
    for continuing in try requests(extending: grant) {
      _ = try apply(
        .extendedGrantEnded(ending), to: continuing, origin: origin, comment: comment)
    }
  }
}
