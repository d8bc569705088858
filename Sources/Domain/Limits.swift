/// Every limit of the domain, each with its reason.
public enum Limits {
  /// A page that an approver reads; the peers cut at the same length.
  public static let justificationLength = 1...4_096
  public static let commentLength = 0...4_096
  public static let messageLength = 1...4_096
  /// Questions and answers on one request: whoever still does not understand it then denies it.
  public static let threadLength = 32
  /// Ticket numbers of every tracker we know fit in a tenth of it.
  public static let ticketLength = 0...128
  /// A request names the narrowest resources; more than a screenful is not narrow.
  public static let resourceCount = 1...64
  public static let resourceLength = 1...512
  public static let actionCount = 1...16
  /// What a caller's retry loop needs: a UUID, a ULID or a ticket with a counter.
  public static let idempotencyKeyLength = 1...128
  /// A DNS label, since tenant ids stand in log origins.
  public static let nameLength = 1...63
  /// The provider's own log stands beside the tenants' logs under this name.
  public static let reservedTenant = TenantID("provider")
  public static let displayNameLength = 0...256
  /// The `sub` of OpenID Connect Core §2 is at most 255 characters.
  public static let subjectLength = 1...255
  public static let contactCount = 0...32
  /// A few people for each workload; more belong into a list of the mail server's.
  public static let mailRecipientCount = 0...64
  /// Shorter spares nobody anything, and after a day it is no news.
  public static let digestInterval = Duration.minutes(5)...Duration.hours(24)
  /// The longest name of the IANA time-zone database has 32.
  public static let timeZoneLength = 1...64

  public static let providerStageCount = 1...8
  public static let approverCount = 0...256
  public static let quorum = 1...16
  /// Each reason with each severity has a rule at most, and a few to spare.
  public static let ruleCount = 0...32
  /// A predicate that needs more belongs into the identity provider, as a group.
  public static let claimCount = 0...8
  public static let claimValueCount = 1...64
  /// A workload is a product, not a feature of one.
  public static let workloadCount = 0...64
  /// As many approvers as there can be in a few lists; all of them are one answer.
  public static let absenceCount = 1_024
  /// A delegation ends; whoever is away for more than a year is not an approver.
  public static let longestAbsence = Duration.hours(366 * 24)

  /// How long a stage stays open. An unanswered request dies.
  public static let defaultRequestLifetime = Duration.hours(12)
  public static let requestLifetime = Duration.hours(1)...Duration.hours(96)
  /// How long a grant may run, from the moment of approval.
  public static let defaultAccess = Duration.hours(4)
  public static let longestAccess = Duration.hours(8)
  public static let shortestAccess = Duration.minutes(1)
  /// How far ahead of its approval a grant may begin: the coming maintenance window. Beyond a week
  /// the reason has to be looked at again.
  public static let furthestStart = Duration.hours(7 * 24)

  /// With the longest access of 8 h a day in all: whoever needs longer says anew why.
  public static let extensionCount = 2

  /// An emergency is stopped, not worked off: whatever takes longer can wait for the customer.
  public static let longestBreakGlassAccess = Duration.hours(1)
  public static let defaultBreakGlassAccess = Duration.minutes(30)
  /// Nobody breaks the glass alone, not even with one other.
  public static let breakGlassQuorum = 2...16
  /// In an emergency the group is awake; an answer after hours is to another question.
  public static let defaultBreakGlassLifetime = Duration.minutes(30)
  public static let longestBreakGlassLifetime = Duration.hours(4)
  /// A weekend may lie between the access and whoever reviews it.
  public static let defaultReviewLifetime = Duration.hours(72)
  public static let longestReviewLifetime = Duration.hours(14 * 24)

  /// More would not make a log more honest, and each is asked before a token.
  public static let witnessCount = 1...16
  /// A name of 128 characters, a key id and an Ed25519 key.
  public static let witnessKeyLength = 56...188

  /// A quarter to notice, and for auditors to fetch what they must keep; auditors' own periods end
  /// within ten years.
  public static let auditRetention = Duration.hours(90 * 24)...Duration.hours(3_653 * 24)

  /// Long enough for whoever's account was taken over to see the event of the key.
  public static let defaultKeyWaitingTime = Duration.hours(24)
  public static let keyWaitingTime = Duration.zero...Duration.hours(168)
  public static let keyLabelLength = 0...64
  /// Every approver with a few keys over years; a list of them is one answer.
  public static let keyCount = 4_096
  /// Subjects of one human: an account at each of a few issuers, and some that were renamed.
  public static let linkedSubjectCount = 2...16

  /// How far the time in a statement may be from the service's: a person reads, confirms, and
  /// touches a key.
  public static let signTimeTolerance = Duration.minutes(10)

  /// An access token is renewed while the grant lives, so that a revocation bites soon.
  public static let accessTokenLifetime = Duration.minutes(10)

  /// NTP slews more than it steps; a clock further back than this is wrong.
  public static let clockTolerance = Duration.seconds(5)

  /// How far back a policy can be tried on requests: a year, and who looks at it in January.
  public static let longestReplay = Duration.hours(400 * 24)

  public static let defaultPageSize = 50
  public static let pageSize = 1...500
}
