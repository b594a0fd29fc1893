//! The only code that knows JavaScript: it performs what [`crate::exchange`] decides, with the platform's `fetch`, streams
//! and timers, and tells JavaScript what came of it.
//!
//! Knows no policy: what to send, whether to send it again and what an answer means is the core's to say. Needs no
//! `window`, so that pages, workers, service workers and servers are one to it. A value that JavaScript throws at it, of
//! whatever kind, becomes an error and never a panic.

mod block_view;
mod call;
mod clock;
mod credentials;
mod declarations;
mod driver;
mod fetch;
mod media;
mod options;
mod partial;
mod promise;
mod thrown;
mod told;
#[cfg(feature = "typed")]
pub mod typed;

pub use call::Call;
pub use media::{MediaEncoder, default_file_name, is_data_url};
pub use partial::PartialJson;
pub use told::CallListener;
