mod badges;
mod detail;
mod history;
mod list;
mod retention_dialog;
mod trace;
mod why;
mod why_steps;

pub use self::{detail::CallPage, list::CallListPage, why::CallWhyPage};
