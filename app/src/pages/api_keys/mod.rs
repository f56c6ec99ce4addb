//! API keys, with which programs call the API. Administrators alone have these pages.

mod create;
mod created;
mod delete_dialog;
mod detail;
mod form;
mod list;
mod status;

pub use create::CreateApiKeyPage;
pub use detail::ApiKeyPage;
pub use list::ApiKeyListPage;
