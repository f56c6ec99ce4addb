//! Providers with a page of their own.

mod exotel;

pub use exotel::ExotelPage;
