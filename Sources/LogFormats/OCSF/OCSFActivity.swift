/// What of OCSF's Identity & Access Management category an event is.
enum OCSFActivity: Sendable, Hashable {
  /// Entity Management (3004), activity Create (1).
  case create(Entity)
  /// Entity Management (3004), activity Update (3).
  case update(Entity)
  /// Entity Management (3004), activity Delete (4).
  case delete(Entity)
  /// User Access Management (3005), activity Assign Privileges (1).
  case assignPrivileges
  /// User Access Management (3005), activity Revoke Privileges (2).
  case revokePrivileges
  /// Authorize Session (3003), activity Assign Privileges (1).
  case authorizeSession
  /// Base Event (0), activity Other (99).
  case other

  /// What is managed.
  enum Entity: String, Sendable, CaseIterable {
    case accessRequest = "Access Request"
    case tenantSettings = "Tenant Settings"
    case policy = "Policy"
    case approverKey = "Approver Key"
    case absence = "Absence"
    case person = "Person"
    case signingKey = "Signing Key"
    case destination = "Destination"
    case subscription = "Subscription"
    case channel = "Notification Channel"
    case notice = "Notice"
  }

  /// `class_uid` of OCSF 1.6.0.
  var classUID: Int {
    switch self {
    case .create, .update, .delete: 3004
    case .assignPrivileges, .revokePrivileges: 3005
    case .authorizeSession: 3003
    case .other: 0
    }
  }

  var className: String {
    switch self {
    case .create, .update, .delete: "Entity Management"
    case .assignPrivileges, .revokePrivileges: "User Access Management"
    case .authorizeSession: "Authorize Session"
    case .other: "Base Event"
    }
  }

  /// `category_uid` and its name.
  var category: (uid: Int, name: String) {
    switch self {
    case .create, .update, .delete, .assignPrivileges, .revokePrivileges, .authorizeSession:
      (3, "Identity & Access Management")
    case .other: (0, "Uncategorized")
    }
  }

  /// `activity_id` and its name.
  var activity: (id: Int, name: String) {
    switch self {
    case .create: (1, "Create")
    case .update: (3, "Update")
    case .delete: (4, "Delete")
    case .assignPrivileges, .authorizeSession: (1, "Assign Privileges")
    case .revokePrivileges: (2, "Revoke Privileges")
    case .other: (99, "Other")
    }
  }

  /// `type_uid`: `class_uid` × 100 + `activity_id`.
  var typeUID: Int { classUID * 100 + activity.id }
}
