//! Bots, which answer calls by the name of a LiveKit agent.

mod create;
mod delete_dialog;
mod detail;
mod form;
mod list;

pub use create::CreateBotPage;
pub use detail::BotPage;
pub use list::BotListPage;
