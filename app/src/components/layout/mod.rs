//! The frame around the pages.

mod entry;
mod frame;
mod page_header;
mod sidebar;
mod theme_toggle;

pub use entry::EntryFrame;
pub use frame::DashboardFrame;
pub use page_header::PageHeader;
#[cfg(debug_assertions)]
pub use {
    sidebar::{Navigation, SandboxBadge},
    theme_toggle::ThemeToggle,
};
