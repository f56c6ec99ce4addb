//! Actions and the roles that they need: the one table of permissions.

use strum::{EnumIter, IntoStaticStr};

use crate::Role;

/// The table: each action with the role that it needs at least, and what it covers. docs/roles.md is the same table.
macro_rules! actions {
    ($($name:ident: $role:ident, $what:literal;)+) => {
        /// What an actor may do or not. Each use case of the services requires one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
        pub enum Action {
            $(#[doc = $what] $name,)+
        }

        impl Action {
            /// The least role that may do it.
            pub fn role(self) -> Role {
                match self {
                    $(Self::$name => Role::$role,)+
                }
            }

            /// What it covers, in one sentence.
            pub fn what(self) -> &'static str {
                match self {
                    $(Self::$name => $what,)+
                }
            }
        }
    };
}

actions! {
    ReadOverview: Viewer, "What needs attention.";
    ReadCarriers: Viewer, "Carriers, and what LiveKit has of them.";
    ReadDids: Viewer, "Phone numbers.";
    ReadNumberPurchases: Viewer, "Purchases of phone numbers, and how far they are.";
    ReadBots: Viewer, "Bots.";
    ReadCalls: Viewer, "Calls, how they were matched, and how long they are kept.";
    ReadIntegrations: Viewer, "Whether a provider is connected, and which numbers its account has.";
    ReadAudit: Viewer, "The audit log.";
    ReadEdge: Viewer, "The SIP edge: its objects, its calls and its bans.";
    ManageOwnAccount: Viewer, "One's own password and sessions.";
    CreateCarrier: Developer, "Create a carrier.";
    UpdateCarrier: Developer, "Change a carrier.";
    SyncCarrier: Developer, "Sync a carrier to LiveKit, and apply the missing steps.";
    AdoptTrunk: Developer, "Make an unmanaged trunk a carrier's own.";
    CreateDid: Developer, "Add a phone number to a carrier.";
    UpdateDid: Developer, "Change phone numbers, one or many at once.";
    DeleteDid: Developer, "Remove phone numbers from a carrier, one or many at once.";
    RegisterNumber: Developer, "Register a phone number of a trunk that exists at its provider.";
    UpdateNumber: Developer, "Change the trunk settings of one phone number.";
    MapNumber: Developer, "Map a phone number to a bot, and unmap it.";
    CreateBot: Developer, "Create a bot.";
    UpdateBot: Developer, "Change a bot.";
    DeleteBot: Developer, "Delete a bot.";
    TestIntegration: Developer, "Test the connection to a provider.";
    ImportNumbers: Developer, "Import numbers from a provider's account.";
    SearchNumbers: Developer, "Search for numbers that a provider sells.";
    ManageEdge: Developer, "The SIP edge: create, change and delete what its routing reads.";
    StartDialoutByApiKey: Developer, "Place an outbound call with an API key.";
    StartDialout: Admin, "Place an outbound call with a user's session.";
    DeleteCarrier: Admin, "Delete a carrier with its phone numbers.";
    DeleteNumber: Admin, "Delete a phone number by the numbers API, and release it at its provider.";
    BuyNumber: Admin, "Buy phone numbers; retry a purchase, or give it up.";
    RemoveOrphans: Admin, "Remove orphaned objects from LiveKit.";
    UpdateCallSettings: Admin, "Set how long calls are kept.";
    ManageIntegrations: Admin, "Connect a provider and disconnect it.";
    ManageEdgeSecurity: Admin, "The SIP edge: its settings, bans and allowlist, and the reset of its counters.";
    ManageFleet: Admin, "Fleet servers: read, add, change, remove.";
    ManageApiKeys: Admin, "API keys: read, create, change, delete.";
    ManageUsers: Admin, "Users: read, invite, change, disable, delete, and end their sessions.";
}

impl Action {
    /// The name in documents and errors: `CreateCarrier`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Role {
    /// Whether the role allows the action.
    pub fn allows(self, action: Action) -> bool {
        self >= action.role()
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    const DOCUMENT: &str = include_str!("../../../docs/roles.md");

    fn row(action: Action) -> String {
        let cell = |role: Role| if role.allows(action) { "yes" } else { "–" };
        let [viewer, developer, admin] = [Role::Viewer, Role::Developer, Role::Admin].map(cell);
        format!("| `{}` | {} | {viewer} | {developer} | {admin} |", action.name(), action.what())
    }

    #[test]
    fn document_equals_the_table() {
        let documented: Vec<&str> = DOCUMENT.lines().filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<String> = Action::iter().map(row).collect();
        assert_eq!(documented, expected, "write the table of docs/roles.md anew:\n{}", expected.join("\n"));
    }

    #[test]
    fn each_role_includes_the_one_before_it() {
        for action in Action::iter() {
            assert!(Role::Admin.allows(action), "{action:?}");
            assert!(Role::Developer.allows(action) || !Role::Viewer.allows(action), "{action:?}");
        }
    }
}
