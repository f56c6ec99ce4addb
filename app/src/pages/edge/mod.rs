//! The objects of the SIP edge: one list, one form and one deletion for all kinds. What differs is in `wording` and in the
//! fields that `domain::edge` describes.

mod bans;
mod create;
mod delete_dialog;
mod detail;
mod fields;
mod frame;
mod list;
mod live;
mod object_form;
mod registrations;
mod reset_dialog;
mod route_preview;
mod rows_field;
mod settings;
mod target_field;
mod wording;

pub use self::{
    bans::BanListPage, create::CreateEdgeObjectPage, detail::EdgeObjectPage, list::EdgeObjectListPage,
    live::EdgeLivePage, registrations::RegistrationListPage, route_preview::RoutePreviewPage,
    settings::EdgeSettingsPage,
};
