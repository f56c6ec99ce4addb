//! Components that know nothing of the domain.

mod badge;
mod banner;
mod copy_button;
mod copy_field;
mod count;
mod dialog;
mod empty_state;
mod failure;
mod html;
mod icon;
mod json_view;
mod key_value_card;
mod meter;
#[cfg(feature = "ssr")]
mod phone;
mod relative_time;
mod search_box;
mod skeleton;
mod sparkline;
mod stat_tile;
mod tabs;
mod toast;

pub use badge::{Badge, Tone};
pub use banner::Banner;
pub use copy_button::{CopyButton, copy_text};
pub use copy_field::CopyField;
pub use count::{counted, grouped};
pub use dialog::Dialog;
pub use empty_state::EmptyState;
pub use failure::Failure;
#[cfg(feature = "ssr")]
pub use html::breakable;
pub use html::escape_html;
pub use icon::*;
pub use json_view::JsonView;
pub use key_value_card::KeyValueCard;
pub use meter::Meter;
#[cfg(feature = "ssr")]
pub use phone::same_digits;
#[cfg(not(feature = "ssr"))]
pub use relative_time::relative;
pub use relative_time::{RelativeTime, next_try};
pub use search_box::SearchBox;
pub use skeleton::Skeleton;
pub use sparkline::Sparkline;
pub use stat_tile::StatTile;
pub use tabs::{Tab, Tabs};
#[cfg(not(feature = "ssr"))]
pub use toast::ToastState;
pub use toast::{Toasts, provide_toasts, use_toasts};
