//! Bots, which answer calls: by a LiveKit agent or by the fleet.

mod create;
mod delete_dialog;
mod detail;
mod form;
mod header_preview;
mod list;
mod sections;

pub use create::CreateBotPage;
pub use detail::BotPage;
pub use list::BotListPage;
