//! The frames around the pages.

mod brand;
mod entry;
mod frame;
mod page_header;
mod sandbox_badge;
mod scroll;
mod shortcuts;
mod sidebar;
mod theme_toggle;

pub use entry::EntryFrame;
pub use frame::DashboardFrame;
pub use page_header::PageHeader;
pub use scroll::provide_scroll_restoration;
#[cfg(debug_assertions)]
pub use {brand::Brand, sandbox_badge::SandboxBadge, sidebar::Navigation, theme_toggle::ThemeToggle};
