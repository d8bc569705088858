/// One field of a form, or one line for those who only look; `settings-field.mustache`.
struct SettingsField: Sendable {
  struct Option: Sendable {
    let id: String
    let value: String
    let text: String
    let isChosen: Bool
  }

  let name: String
  let label: String
  let hint: String?
  let isText: Bool
  let isArea: Bool
  let isCount: Bool
  let isFlag: Bool
  let isChoice: Bool
  let isChoices: Bool
  let value: String
  let lines: [String]
  let isChosen: Bool
  let options: [Option]
  let faults: [String]
  let isFaulty: Bool
  /// How it reads.
  let shown: [String]

  init(_ item: SettingsItem, _ form: SettingsForm, _ texts: Texts) {
    let values = form.values[item.name] ?? []
    name = item.name
    label = texts("settings.item.\(item.name)")
    hint = texts.find("settings.hint.\(item.name)")
    isArea = item.kind == .lines
    isCount = item.kind == .count
    isFlag = item.kind == .flag
    var (isChoice, isChoices) = (false, false)
    var words: [String] = []
    switch item.kind {
    case .choice(let all): (isChoice, words) = (true, all)
    case .choices(let all): (isChoices, words) = (true, all)
    case .text, .lines, .count, .duration, .flag: break
    }
    self.isChoice = isChoice
    self.isChoices = isChoices
    isText = item.kind == .text || item.kind == .duration
    value = values.first ?? ""
    lines = values
    isChosen = !values.isEmpty
    options = words.map { word in
      Option(
        id: "\(item.name)-\(word)", value: word,
        text: texts.find("settings.choice.\(item.name).\(word)") ?? texts("reason_code.\(word)"),
        isChosen: values.contains(word))
    }
    faults = form.faults[item.name] ?? []
    isFaulty = !faults.isEmpty
    if item.kind == .flag {
      shown = [texts(values.isEmpty ? "settings.no" : "settings.yes")]
    } else if isChoice || isChoices {
      let chosen = options.filter(\.isChosen).map(\.text)
      shown = chosen.isEmpty ? [texts("settings.none")] : chosen
    } else {
      shown = values.isEmpty ? [texts("settings.none")] : values
    }
  }
}
