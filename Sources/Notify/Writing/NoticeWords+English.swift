internal import LockboxProto

extension NoticeWords {
  static let english = NoticeWords(
    sentences: [
      "approval_needed": .init(
        "Access{{#workload}} to {{workload}}{{/workload}} waits for your approval",
        """
        {{#engineer}}{{engineer}} asks{{/engineer}}{{^engineer}}An engineer asks{{/engineer}} for \
        access to your data{{#workload}} in {{workload}}{{/workload}}. Nothing is opened unless you \
        approve it. Please read the request and decide before {{deadline}}; an unanswered request \
        expires.
        """),
      "approval_needed.managers": .init(
        "Access to {{tenant}}{{#workload}}, {{workload}},{{/workload}} waits for your approval",
        """
        {{#engineer}}{{engineer}} asks{{/engineer}}{{^engineer}}An engineer asks{{/engineer}} for \
        access to data of {{tenant}}. The stage "{{stage}}" is open until {{deadline}}.
        """),
      "reminder": .init(
        "Reminder: access{{#workload}} to {{workload}}{{/workload}} still waits for approval",
        """
        Half of the time is over, and a request for access still waits. Without an answer it expires \
        at {{deadline}}.
        """),
      "about_to_expire": .init(
        """
        Last reminder: a request for access{{#workload}} to {{workload}}{{/workload}} is about to \
        expire
        """,
        """
        The request still waits and expires at {{deadline}}. This is the last reminder.
        """),
      "about_to_expire.engineer": .init(
        "Your request for access{{#workload}} to {{workload}}{{/workload}} is about to expire",
        "It still waits at the stage \"{{stage}}\" and expires at {{deadline}}."),
      "escalated": .init(
        "More people may decide on access{{#workload}} to {{workload}}{{/workload}} now",
        """
        Nobody has answered in time: from now on more people may decide at the stage "{{stage}}". It \
        stays open until {{deadline}}.
        """),
      "quorum_out_of_reach": .init(
        "Too few approvers are left for a request for access",
        """
        At the stage "{{stage}}" fewer people can still decide than must approve. Unless somebody \
        comes back or lends their seat, the request expires at {{deadline}}.
        """),
      "approved": .init(
        "Access{{#workload}} to {{workload}}{{/workload}} was approved",
        """
        {{#engineer}}{{engineer}} has{{/engineer}}{{^engineer}}An engineer has{{/engineer}} access \
        to your data until {{access_end}}{{#narrowed}}, to less than was asked for{{/narrowed}}. You \
        can revoke it at any time.
        """),
      "approved.managers": .init(
        "Access to {{tenant}}{{#workload}}, {{workload}},{{/workload}} was approved",
        "The access ends at {{access_end}}{{#narrowed}}; it is less than was asked for{{/narrowed}}."
      ),
      "approved.engineer": .init(
        "Your request for access{{#workload}} to {{workload}}{{/workload}} was approved",
        """
        Your access to data of {{tenant}} ends at {{access_end}}{{#narrowed}}. It is less than you \
        asked for: read what was granted{{/narrowed}}. Give it back when you are done.
        """),
      "denied": .init(
        "Access{{#workload}} to {{workload}}{{/workload}} was denied",
        "The request is closed; no access was given."),
      "denied.engineer": .init(
        "Your request for access{{#workload}} to {{workload}}{{/workload}} was denied",
        "The request is closed; you get no access by it."),
      "expired": .init(
        "A request for access{{#workload}} to {{workload}}{{/workload}} expired",
        "Nobody answered in time at the stage \"{{stage}}\"; no access was given."),
      "expired.engineer": .init(
        "Your request for access{{#workload}} to {{workload}}{{/workload}} expired",
        """
        Nobody answered in time at the stage "{{stage}}". If you still need access, ask again.
        """),
      "withdrawn": .init(
        "A request for access{{#workload}} to {{workload}}{{/workload}} was withdrawn",
        "The engineer withdrew it; no access was given."),
      "withdrawn.engineer": .init(
        "Your request for access{{#workload}} to {{workload}}{{/workload}} was withdrawn",
        "The request is closed."),
      "question": .init(
        "A question about your request for access{{#workload}} to {{workload}}{{/workload}}",
        """
        Whoever is to decide at the stage "{{stage}}" asks you something. The request expires at \
        {{deadline}}, answered or not.
        """),
      "answer": .init(
        "An answer about a request for access{{#workload}} to {{workload}}{{/workload}}",
        """
        The engineer has answered. The request waits for a decision until {{deadline}}.
        """),
      "grant_revoked": .init(
        "Access{{#workload}} to {{workload}}{{/workload}} was revoked",
        "The access has ended before its time."),
      "grant_ended": .init(
        "Access{{#workload}} to {{workload}}{{/workload}} has ended",
        "The access is over{{#returned}}: the engineer has given it back{{/returned}}."),
      "break_glass_opened": .init(
        "EMERGENCY: access without your approval was asked for",
        """
        The provider is about to break the glass: its own people decide now on access to your \
        data{{#workload}} in {{workload}}{{/workload}} without asking you, as your settings allow in \
        an emergency. You will be told whether it is given.
        """),
      "break_glass_opened.managers": .init(
        "EMERGENCY: break-glass access to {{tenant}} was asked for",
        """
        {{#engineer}}{{engineer}} asks{{/engineer}}{{^engineer}}An engineer asks{{/engineer}} for \
        access to data of {{tenant}} without the customer's approval. The customer has been told.
        """),
      "break_glass_used": .init(
        "EMERGENCY: access without your approval was given",
        """
        The provider has broken the glass: {{#engineer}}{{engineer}} has{{/engineer}}{{^engineer}}an \
        engineer has{{/engineer}} access to your data until {{access_end}}. You can revoke it now. \
        Please review it before {{review_due}}.
        """),
      "break_glass_used.managers": .init(
        "EMERGENCY: break-glass access to {{tenant}} was given",
        "The access ends at {{access_end}}; the customer reviews it before {{review_due}}."),
      "review_due": .init(
        "Please review an emergency access",
        """
        An access without your approval is over. Please say{{#review_due}} before {{review_due}}{{/review_due}} whether it was \
        what an emergency allows; while that stays open beyond then, no other one is given.
        """),
      "review_closed": .init(
        "The review of an emergency access is closed",
        "The customer has judged the access: {{verdict}}."),
      "settings_changed": .init(
        """
        {{#is_off}}Lockbox is OFF{{/is_off}}{{^is_off}}Lockbox settings have changed{{/is_off}}\
        {{#tenant}} for {{tenant}}{{/tenant}}
        """,
        """
        {{actor}} has changed your lockbox settings{{#is_off}}: lockbox is off, and the provider's \
        people get access without asking you{{/is_off}}. If you did not expect that, look at it now.
        """),
      "key_registered": .init(
        """
        A key for decisions was {{#is_revoked}}revoked{{/is_revoked}}\
        {{#is_confirmed}}confirmed{{/is_confirmed}}{{#is_new}}registered{{/is_new}}
        """,
        """
        {{actor}} has {{#is_revoked}}revoked{{/is_revoked}}{{#is_confirmed}}confirmed{{/is_confirmed}}\
        {{#is_new}}registered{{/is_new}} a key with which decisions are signed in the name of \
        {{key_owner}}. If you did not expect that, look at it now.
        """),
      "progress": .init(
        """
        Your request for access{{#workload}} to {{workload}}{{/workload}} waits for \
        {{#is_customer}}the customer{{/is_customer}}{{^is_customer}}{{stage}}{{/is_customer}}
        """,
        """
        Your request for access to data of {{tenant}} has come to the stage "{{stage}}", which stays \
        open until {{deadline}}.
        """),
      "test": .init(
        "A test from Lockbox",
        "This channel works. Nothing has happened, and nothing is to be done."),
    ],
    labels: [
      .tenant: "Customer", .engineer: "Engineer", .workload: "Workload", .reason: "Reason",
      .severity: "Severity", .ticket: "Ticket", .duration: "Access for", .actions: "Actions",
      .resources: "Resources", .justification: "Justification", .stage: "Stage",
      .deadline: "Answer before", .approvals: "Approvals so far",
      .available: "People who can still decide", .accessStart: "Access from",
      .accessEnd: "Access until", .granted: "Granted", .decidedBy: "Decided by",
      .comment: "Comment", .by: "By", .author: "From", .text: "Text", .reviewDue: "Review before",
      .verdict: "Verdict", .lockbox: "Lockbox", .version: "Version of the settings", .key: "Key",
      .keyUsable: "Counts from", .request: "Request", .since: "Since then the request",
      .open: "Open the request",
      .footer: """
      Lockbox sends no links that decide anything: sign in to \
      the portal, read, then decide.
      """, .on: "on", .off: "OFF",
      .repeated: "This notice may have reached you before.",
    ],
    phases: [
      .received: "was received", .awaitingProvider: "waits for the provider's approvers",
      .awaitingCustomer: "waits for the customer's approvers", .approved: "was approved",
      .denied: "was denied", .expired: "has expired", .withdrawn: "was withdrawn",
      .revoked: "was revoked", .ended: "has ended",
    ],
    reasons: [
      .customerInitiatedSupport: "support that the customer asked for",
      .providerInitiatedService: "service that the provider began",
      .securityReview: "security review", .thirdPartyDemand: "demand of a third party",
      .productionAlert: "alert in production",
    ],
    severities: [.low: "low", .medium: "medium", .high: "high", .critical: "critical"],
    actions: [
      .read: "read", .write: "write", .delete: "delete", .export: "export", .execute: "execute",
    ],
    digestSubject: "{{count}} notices about access requests")
}
