internal import Domain
internal import DomainProto
internal import LockboxProto

/// The view model of `settings.mustache`: everything, and the way to change it for those who may.
struct SettingsPage: Sendable {
  struct Section: Sendable {
    let word: String
    let title: String
    let what: String
    let fields: [SettingsField]
    let path: String
  }

  struct Link: Sendable {
    let path: String
    let title: String
    let what: String
  }

  let tenant: String
  let name: String
  let isOn: Bool
  let lockbox: String
  let meaning: String
  /// Whether the reader may change anything.
  let mayChange: Bool
  let sections: [Section]
  /// Workloads with approvers of their own.
  let workloads: [Section]
  let links: [Link]
  let version: String
  let changed: Moment?
  let changedBy: String?

  init(_ tenant: ApprovalsV1.Tenant, _ visit: Visit) {
    let settings = tenant.settings ?? .init()
    let texts = visit.texts
    self.tenant = settings.tenantID
    name = settings.displayName
    isOn = settings.lockboxEnabled
    let word = settings.lockboxEnabled ? "on" : "off"
    lockbox = texts("settings.lockbox.is_\(word)")
    meaning = texts("settings.lockbox.means_\(word)")
    mayChange = visit.mayChangeSettings
    sections = SettingsSection.all.map { Self.section($0, settings, texts, $0.word) }
    workloads = settings.workloadApprovers.map { special in
      let section = SettingsSection.workload(special.workload)
      return Section(
        word: "workload-\(special.workload)",
        title: texts("settings.workload_title", ["workload": special.workload]), what: "",
        fields: section.items.map { SettingsField($0, SettingsForm(section, settings), texts) },
        path: "/settings/workloads/\(special.workload)")
    }
    links = ["keys", "channels", "destinations"].map { word in
      Link(
        path: "/settings/\(word)", title: texts("settings.\(word).title"),
        what: texts("settings.\(word).what"))
    }
    version = "\(tenant.version)"
    changed = Timestamp(tenant.applyTime).map(visit.moment)
    changedBy = tenant.appliedBy.map(PersonWords.name)
  }

  private static func section(
    _ section: SettingsSection, _ settings: SettingsItem.Settings, _ texts: Texts, _ path: String
  ) -> Section {
    let form = SettingsForm(section, settings)
    return Section(
      word: section.word, title: texts("settings.section.\(section.word).title"),
      what: texts("settings.section.\(section.word).what"),
      fields: section.items.map { SettingsField($0, form, texts) }, path: "/settings/\(path)")
  }
}

/// The view model of `settings-form.mustache`.
struct SettingsFormPage: Sendable {
  let path: String
  let what: String
  let version: String
  let fields: [SettingsField]
  let faults: [String]
  let isFaulty: Bool
  /// What takes the section away; nil where it belongs to the settings.
  let removePath: String?
  let removeText: String

  init(
    _ form: SettingsForm, path: String, version: UInt64, removePath: String? = nil, _ texts: Texts
  ) {
    self.path = path
    what = texts("settings.section.\(form.section.word).what")
    self.version = "\(version)"
    fields = form.section.items.map { SettingsField($0, form, texts) }
    faults = form.otherFaults
    isFaulty = form.isFaulty
    self.removePath = removePath
    removeText = texts("settings.remove_workload")
  }
}

/// The view model of `settings-conflict.mustache`: somebody was faster.
struct SettingsConflictPage: Sendable {
  struct Row: Sendable {
    let label: String
    let yours: [String]
    let theirs: [String]
    let differs: Bool
  }

  /// To send the form as it was, over what stands now.
  struct Hidden: Sendable {
    let name: String
    let value: String
  }

  let sentence: String
  let rows: [Row]
  let hidden: [Hidden]
  let path: String
  let version: String
  let changed: Moment?

  init(_ form: SettingsForm, over tenant: ApprovalsV1.Tenant, path: String, _ visit: Visit) {
    let theirs = SettingsForm(form.section, tenant.settings ?? .init())
    let texts = visit.texts
    let who = tenant.appliedBy.map(PersonWords.name) ?? texts("settings.somebody")
    sentence = texts("settings.conflict.sentence", ["person": who])
    rows = form.section.items.map { item in
      let own = SettingsField(item, form, texts)
      let other = SettingsField(item, theirs, texts)
      return Row(
        label: own.label, yours: own.shown, theirs: other.shown, differs: own.shown != other.shown)
    }
    hidden = form.section.items.flatMap { item in
      (form.values[item.name] ?? []).map { Hidden(name: item.name, value: $0) }
    }
    self.path = path
    version = "\(tenant.version)"
    changed = Timestamp(tenant.applyTime).map(visit.moment)
  }
}
