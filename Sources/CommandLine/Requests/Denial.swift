/// The rules that deny a request when it is opened, or later, in words.
enum Denial: String, CaseIterable {
  case noPolicy = "NO_POLICY"
  case ticketRequired = "TICKET_REQUIRED"
  case breakGlassNotAllowed = "BREAK_GLASS_NOT_ALLOWED"
  case breakGlassWithoutPolicy = "BREAK_GLASS_WITHOUT_POLICY"
  case reviewOverdue = "REVIEW_OVERDUE"
  case extendedGrantUnknown = "EXTENDED_GRANT_UNKNOWN"
  case extendedGrantOver = "EXTENDED_GRANT_OVER"
  case extendedGrantRevoked = "EXTENDED_GRANT_REVOKED"
  case extensionTooWide = "EXTENSION_TOO_WIDE"
  case alreadyExtended = "ALREADY_EXTENDED"
  case extendedTooOften = "EXTENDED_TOO_OFTEN"

  var words: String {
    switch self {
    case .noPolicy: "there is no policy for the workload"
    case .ticketRequired: "the policy demands a ticket"
    case .breakGlassNotAllowed: "the tenant allows no break-glass for this reason"
    case .breakGlassWithoutPolicy: "the workload's policy names nobody who may break the glass"
    case .reviewOverdue: "the review of an earlier break-glass access is overdue"
    case .extendedGrantUnknown: "there is no such grant of yours to continue"
    case .extendedGrantOver: "the grant to continue was over"
    case .extendedGrantRevoked: "the grant to continue was revoked"
    case .extensionTooWide: "it goes beyond the scope of the grant to continue"
    case .alreadyExtended: "another request continues the grant already"
    case .extendedTooOften: "the grant was continued as often as it may be"
    }
  }
}
