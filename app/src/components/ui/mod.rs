//! Components that know nothing of the domain.

mod badge;
mod banner;
mod copy_button;
mod count;
mod dialog;
mod empty_state;
mod failure;
mod html;
mod icon;
#[cfg(feature = "ssr")]
mod phone;
mod relative_time;
mod search_box;
mod skeleton;
mod toast;

pub use badge::{Badge, Tone};
pub use banner::Banner;
pub use copy_button::{CopyButton, copy_text};
pub use count::{counted, grouped};
pub use dialog::Dialog;
pub use empty_state::EmptyState;
pub use failure::Failure;
#[cfg(feature = "ssr")]
pub use html::breakable;
pub use html::escape_html;
pub use icon::*;
#[cfg(feature = "ssr")]
pub use phone::same_digits;
#[cfg(not(feature = "ssr"))]
pub use relative_time::relative;
pub use relative_time::{RelativeTime, next_try};
pub use search_box::SearchBox;
pub use skeleton::Skeleton;
#[cfg(not(feature = "ssr"))]
pub use toast::ToastState;
pub use toast::{Toasts, provide_toasts, use_toasts};
