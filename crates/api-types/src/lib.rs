//! What the JSON APIs take and answer: inputs, views and problems. The pages and the OpenAPI document use the same types.
//!
//! An input holds raw text and becomes domain types by its `parse`; a view is made of domain types, with secrets masked.

pub mod input;
mod problem;
pub mod view;

pub use problem::Problem;
