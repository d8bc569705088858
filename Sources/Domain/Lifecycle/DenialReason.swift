/// Why a request was denied.
public enum DenialReason: String, Error, Hashable, Sendable, CaseIterable {
  /// A person said no, and the decision says why.
  case decision = ""
  /// No policy for the workload, or no such tenant.
  case noPolicy = "NO_POLICY"
  /// The policy demands a ticket, and the request names none.
  case ticketRequired = "TICKET_REQUIRED"
  /// The tenant allows no break-glass, or not for this reason.
  case breakGlassNotAllowed = "BREAK_GLASS_NOT_ALLOWED"
  /// The workload's policy names nobody who may let the glass be broken.
  case breakGlassWithoutPolicy = "BREAK_GLASS_WITHOUT_POLICY"
  /// The review of an earlier break-glass access is open beyond its time.
  case reviewOverdue = "REVIEW_OVERDUE"
  /// There is no such grant of the engineer's for the tenant and workload.
  case extendedGrantUnknown = "EXTENDED_GRANT_UNKNOWN"
  /// The grant to continue was over.
  case extendedGrantOver = "EXTENDED_GRANT_OVER"
  /// The customer ended the grant to continue.
  case extendedGrantRevoked = "EXTENDED_GRANT_REVOKED"
  /// The scope goes beyond that of the grant to continue.
  case extensionTooWide = "EXTENSION_TOO_WIDE"
  /// Another request continues the grant already, or asks to.
  case alreadyExtended = "ALREADY_EXTENDED"
  /// The grant was continued as often as it may be.
  case extendedTooOften = "EXTENDED_TOO_OFTEN"
}
