internal import LockboxProto

/// One thing that a tenant's admins set: how it is read from the settings, written by a form, and
/// called by the API's violations. Its words are `settings.item.<name>` and, where there is one,
/// `settings.hint.<name>`.
struct SettingsItem: Sendable {
  enum Kind: Sendable, Hashable {
    case text
    /// Several values, one a line.
    case lines
    case count
    /// A number and a unit: see `SettingsDuration`.
    case duration
    case flag
    /// One of these words, each `settings.choice.<name>.<word>`.
    case choice([String])
    /// Any of these words.
    case choices([String])
  }

  typealias Settings = CommonV1.TenantSettings

  /// Of the form's field.
  let name: String
  /// The API's path of what it sets; violations below it are its own.
  let path: String
  let kind: Kind
  let read: @Sendable (Settings) -> [String]
  /// - Returns: whether the values could be understood.
  let write: @Sendable ([String], inout Settings) -> Bool

  static func text(
    _ name: String, _ path: String, _ key: any WritableKeyPath<Settings, String> & Sendable
  ) -> SettingsItem {
    SettingsItem(name: name, path: path, kind: .text) {
      [$0[keyPath: key]]
    } write: {
      $1[keyPath: key] = $0.first ?? ""
      return true
    }
  }

  static func lines(
    _ name: String, _ path: String, _ key: any WritableKeyPath<Settings, [String]> & Sendable
  ) -> SettingsItem {
    SettingsItem(name: name, path: path, kind: .lines) {
      $0[keyPath: key]
    } write: {
      $1[keyPath: key] = $0
      return true
    }
  }

  static func flag(
    _ name: String, _ path: String, _ key: any WritableKeyPath<Settings, Bool> & Sendable
  ) -> SettingsItem {
    SettingsItem(name: name, path: path, kind: .flag) {
      $0[keyPath: key] ? ["yes"] : []
    } write: {
      $1[keyPath: key] = !$0.isEmpty
      return true
    }
  }

  /// - Parameter isOptional: nothing written means unset.
  static func duration(
    _ name: String, _ path: String, isOptional: Bool = false,
    _ key: any WritableKeyPath<Settings, SettingsDuration.Message?> & Sendable
  ) -> SettingsItem {
    SettingsItem(name: name, path: path, kind: .duration) {
      $0[keyPath: key].map { [SettingsDuration.text($0)] } ?? []
    } write: {
      guard let text = $0.first else {
        $1[keyPath: key] = nil
        return isOptional
      }
      guard let duration = SettingsDuration.message(text) else { return false }
      $1[keyPath: key] = duration
      return true
    }
  }
}
