//! Wire types of the JSON APIs: inputs, views and problems. The pages and the OpenAPI document use the same types.
//!
//! An input has raw text and is parsed into domain types by its `parse`. A view is made of domain types, with secrets
//! masked.

#![deny(missing_docs)]

pub mod input;
mod problem;
pub mod view;

pub use problem::Problem;
