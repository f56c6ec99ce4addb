//! Users of the console. Administrators alone have these pages.

mod badge;
mod detail;
mod dialogs;
mod invite;
mod link;
mod list;
mod role_form;
mod sessions;

pub use detail::UserPage;
pub use invite::InviteUserPage;
pub use list::UserListPage;
pub use sessions::{SessionTable, browser};
