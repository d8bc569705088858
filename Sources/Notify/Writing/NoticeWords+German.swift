internal import LockboxProto

extension NoticeWords {
  static let german = NoticeWords(
    sentences: [
      "approval_needed": .init(
        "Zugriff{{#workload}} auf {{workload}}{{/workload}} wartet auf Ihre Zustimmung",
        """
        {{#engineer}}{{engineer}} bittet{{/engineer}}{{^engineer}}Jemand vom Anbieter bittet\
        {{/engineer}} um Zugriff auf Ihre Daten{{#workload}} in {{workload}}{{/workload}}. Ohne Ihre \
        Zustimmung wird nichts geöffnet. Bitte lesen Sie die Anfrage und entscheiden Sie vor \
        {{deadline}}; unbeantwortet verfällt sie.
        """),
      "approval_needed.managers": .init(
        "Zugriff auf {{tenant}}{{#workload}}, {{workload}},{{/workload}} wartet auf Ihre Zustimmung",
        """
        {{#engineer}}{{engineer}} bittet{{/engineer}}{{^engineer}}Jemand bittet{{/engineer}} um \
        Zugriff auf Daten von {{tenant}}. Die Stufe „{{stage}}“ ist offen bis {{deadline}}.
        """),
      "reminder": .init(
        "Erinnerung: Zugriff{{#workload}} auf {{workload}}{{/workload}} wartet noch auf Zustimmung",
        """
        Die Hälfte der Zeit ist um, und eine Anfrage wartet noch. Ohne Antwort verfällt sie um \
        {{deadline}}.
        """),
      "about_to_expire": .init(
        """
        Letzte Erinnerung: eine Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} \
        verfällt bald
        """,
        """
        Die Anfrage wartet noch und verfällt um {{deadline}}. Das ist die letzte Erinnerung.
        """),
      "about_to_expire.engineer": .init(
        "Ihre Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} verfällt bald",
        "Sie wartet noch in der Stufe „{{stage}}“ und verfällt um {{deadline}}."),
      "escalated": .init(
        "Über Zugriff{{#workload}} auf {{workload}}{{/workload}} dürfen nun mehr Leute entscheiden",
        """
        Niemand hat rechtzeitig geantwortet: ab jetzt dürfen in der Stufe „{{stage}}“ mehr Leute \
        entscheiden. Sie bleibt offen bis {{deadline}}.
        """),
      "quorum_out_of_reach": .init(
        "Für eine Anfrage nach Zugriff sind zu wenige übrig, die zustimmen könnten",
        """
        In der Stufe „{{stage}}“ können weniger Leute noch entscheiden, als zustimmen müssen. Kommt \
        niemand zurück und leiht niemand seinen Platz, verfällt die Anfrage um {{deadline}}.
        """),
      "approved": .init(
        "Zugriff{{#workload}} auf {{workload}}{{/workload}} wurde gewährt",
        """
        {{#engineer}}{{engineer}} hat{{/engineer}}{{^engineer}}Jemand vom Anbieter hat{{/engineer}} \
        bis {{access_end}} Zugriff auf Ihre Daten{{#narrowed}}, auf weniger als angefragt\
        {{/narrowed}}. Sie können ihn jederzeit widerrufen.
        """),
      "approved.managers": .init(
        "Zugriff auf {{tenant}}{{#workload}}, {{workload}},{{/workload}} wurde gewährt",
        "Der Zugriff endet um {{access_end}}{{#narrowed}}; es ist weniger als angefragt{{/narrowed}}."
      ),
      "approved.engineer": .init(
        "Ihre Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} wurde gewährt",
        """
        Ihr Zugriff auf Daten von {{tenant}} endet um {{access_end}}{{#narrowed}}. Es ist weniger \
        als angefragt: bitte lesen Sie, was gewährt wurde{{/narrowed}}. Geben Sie ihn zurück, wenn \
        Sie fertig sind.
        """),
      "denied": .init(
        "Zugriff{{#workload}} auf {{workload}}{{/workload}} wurde abgelehnt",
        "Die Anfrage ist geschlossen; es wurde kein Zugriff gewährt."),
      "denied.engineer": .init(
        "Ihre Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} wurde abgelehnt",
        "Die Anfrage ist geschlossen; Sie erhalten durch sie keinen Zugriff."),
      "expired": .init(
        "Eine Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} ist verfallen",
        "In der Stufe „{{stage}}“ hat niemand rechtzeitig geantwortet; es wurde kein Zugriff gewährt."
      ),
      "expired.engineer": .init(
        "Ihre Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} ist verfallen",
        """
        In der Stufe „{{stage}}“ hat niemand rechtzeitig geantwortet. Brauchen Sie den Zugriff noch, \
        fragen Sie erneut an.
        """),
      "withdrawn": .init(
        "Eine Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} wurde zurückgezogen",
        "Wer angefragt hat, hat sie zurückgezogen; es wurde kein Zugriff gewährt."),
      "withdrawn.engineer": .init(
        "Ihre Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} wurde zurückgezogen",
        "Die Anfrage ist geschlossen."),
      "question": .init(
        "Eine Frage zu Ihrer Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}}",
        """
        Wer in der Stufe „{{stage}}“ entscheiden soll, fragt Sie etwas. Die Anfrage verfällt um \
        {{deadline}}, beantwortet oder nicht.
        """),
      "answer": .init(
        "Eine Antwort zu einer Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}}",
        "Die Antwort ist da. Die Anfrage wartet bis {{deadline}} auf eine Entscheidung."),
      "grant_revoked": .init(
        "Zugriff{{#workload}} auf {{workload}}{{/workload}} wurde widerrufen",
        "Der Zugriff ist vor seiner Zeit zu Ende."),
      "grant_ended": .init(
        "Zugriff{{#workload}} auf {{workload}}{{/workload}} ist zu Ende",
        "Der Zugriff ist vorbei{{#returned}}: er wurde zurückgegeben{{/returned}}."),
      "break_glass_opened": .init(
        "NOTFALL: Zugriff ohne Ihre Zustimmung wurde angefragt",
        """
        Der Anbieter ist dabei, die Scheibe einzuschlagen: seine eigenen Leute entscheiden jetzt, \
        ohne Sie zu fragen, über Zugriff auf Ihre Daten{{#workload}} in {{workload}}{{/workload}}, \
        wie Ihre Einstellungen es im Notfall erlauben. Sie erfahren, ob er gewährt wird.
        """),
      "break_glass_opened.managers": .init(
        "NOTFALL: Zugriff auf {{tenant}} ohne Zustimmung wurde angefragt",
        """
        {{#engineer}}{{engineer}} bittet{{/engineer}}{{^engineer}}Jemand bittet{{/engineer}} um \
        Zugriff auf Daten von {{tenant}} ohne Zustimmung des Kunden. Der Kunde wurde verständigt.
        """),
      "break_glass_used": .init(
        "NOTFALL: Zugriff ohne Ihre Zustimmung wurde gewährt",
        """
        Der Anbieter hat die Scheibe eingeschlagen: {{#engineer}}{{engineer}} hat{{/engineer}}\
        {{^engineer}}jemand vom Anbieter hat{{/engineer}} bis {{access_end}} Zugriff auf Ihre Daten. \
        Sie können ihn jetzt widerrufen. Bitte prüfen Sie ihn vor {{review_due}}.
        """),
      "break_glass_used.managers": .init(
        "NOTFALL: Zugriff auf {{tenant}} ohne Zustimmung wurde gewährt",
        "Der Zugriff endet um {{access_end}}; der Kunde prüft ihn vor {{review_due}}."),
      "review_due": .init(
        "Bitte prüfen Sie einen Notfallzugriff",
        """
        Ein Zugriff ohne Ihre Zustimmung ist vorbei. Bitte sagen Sie{{#review_due}} vor {{review_due}}{{/review_due}}, ob er war, \
        was ein Notfall erlaubt; danach ist kein weiterer möglich, solange die Prüfung offen ist.
        """),
      "review_closed": .init(
        "Die Prüfung eines Notfallzugriffs ist abgeschlossen",
        "Der Kunde hat über den Zugriff geurteilt: {{verdict}}."),
      "settings_changed": .init(
        """
        {{#is_off}}Lockbox ist AUS{{/is_off}}{{^is_off}}Einstellungen von Lockbox geändert\
        {{/is_off}}{{#tenant}} für {{tenant}}{{/tenant}}
        """,
        """
        {{actor}} hat Ihre Einstellungen von Lockbox geändert{{#is_off}}: Lockbox ist aus, und die \
        Leute des Anbieters erhalten Zugriff, ohne Sie zu fragen{{/is_off}}. Haben Sie das nicht \
        erwartet, sehen Sie jetzt nach.
        """),
      "key_registered": .init(
        """
        Ein Schlüssel für Entscheidungen wurde {{#is_revoked}}widerrufen{{/is_revoked}}\
        {{#is_confirmed}}bestätigt{{/is_confirmed}}{{#is_new}}registriert{{/is_new}}
        """,
        """
        {{actor}} hat einen Schlüssel {{#is_revoked}}widerrufen{{/is_revoked}}\
        {{#is_confirmed}}bestätigt{{/is_confirmed}}{{#is_new}}registriert{{/is_new}}, mit dem \
        Entscheidungen im Namen von {{key_owner}} unterschrieben werden. Haben Sie das nicht \
        erwartet, sehen Sie jetzt nach.
        """),
      "progress": .init(
        """
        Ihre Anfrage nach Zugriff{{#workload}} auf {{workload}}{{/workload}} wartet auf \
        {{#is_customer}}den Kunden{{/is_customer}}{{^is_customer}}{{stage}}{{/is_customer}}
        """,
        """
        Ihre Anfrage nach Zugriff auf Daten von {{tenant}} ist in der Stufe „{{stage}}“, die bis \
        {{deadline}} offen bleibt.
        """),
      "test": .init(
        "Ein Test von Lockbox",
        "Dieser Kanal funktioniert. Es ist nichts geschehen, und es ist nichts zu tun."),
    ],
    labels: [
      .tenant: "Kunde", .engineer: "Angefragt von", .workload: "Bereich", .reason: "Grund",
      .severity: "Schwere", .ticket: "Ticket", .duration: "Zugriff für", .actions: "Aktionen",
      .resources: "Ressourcen", .justification: "Begründung", .stage: "Stufe",
      .deadline: "Antwort vor", .approvals: "Bisher zugestimmt",
      .available: "Können noch entscheiden", .accessStart: "Zugriff ab",
      .accessEnd: "Zugriff bis", .granted: "Gewährt", .decidedBy: "Entschieden von",
      .comment: "Kommentar", .by: "Von", .author: "Von", .text: "Text", .reviewDue: "Prüfung vor",
      .verdict: "Urteil", .lockbox: "Lockbox", .version: "Fassung der Einstellungen",
      .key: "Schlüssel", .keyUsable: "Zählt ab", .request: "Anfrage",
      .since: "Seitdem gilt: die Anfrage", .open: "Anfrage öffnen",
      .footer: """
      Lockbox schickt keine Links, die etwas entscheiden: melden Sie sich im Portal an, \
      lesen Sie, dann entscheiden Sie.
      """, .on: "an", .off: "AUS",
      .repeated: "Diese Nachricht hat Sie vielleicht schon einmal erreicht.",
    ],
    phases: [
      .received: "ist eingegangen", .awaitingProvider: "wartet auf Zustimmung beim Anbieter",
      .awaitingCustomer: "wartet auf Zustimmung des Kunden", .approved: "wurde gewährt",
      .denied: "wurde abgelehnt", .expired: "ist verfallen", .withdrawn: "wurde zurückgezogen",
      .revoked: "wurde widerrufen", .ended: "ist zu Ende",
    ],
    reasons: [
      .customerInitiatedSupport: "Hilfe, um die der Kunde gebeten hat",
      .providerInitiatedService: "Wartung durch den Anbieter",
      .securityReview: "Sicherheitsprüfung", .thirdPartyDemand: "Verlangen eines Dritten",
      .productionAlert: "Alarm im Betrieb",
    ],
    severities: [.low: "niedrig", .medium: "mittel", .high: "hoch", .critical: "kritisch"],
    actions: [
      .read: "lesen", .write: "schreiben", .delete: "löschen", .export: "exportieren",
      .execute: "ausführen",
    ],
    digestSubject: "{{count}} Nachrichten zu Anfragen nach Zugriff")
}
