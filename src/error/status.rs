use super::Class;

/// The class of an error status; [`Class::APIError`] for statuses without a class of their own, and where there is none.
#[must_use]
pub fn class_of_status(status: Option<u16>) -> Class {
    match status {
        Some(400) => Class::BadRequestError,
        Some(401) => Class::AuthenticationError,
        Some(402) => Class::InsufficientCreditsError,
        Some(403) => Class::PermissionDeniedError,
        Some(404) => Class::NotFoundError,
        Some(408) => Class::RequestTimeoutError,
        Some(409) => Class::ConflictError,
        Some(422) => Class::UnprocessableEntityError,
        Some(429) => Class::RateLimitError,
        Some(502) => Class::BadGatewayError,
        Some(503) => Class::ServiceUnavailableError,
        Some(500..) => Class::InternalServerError,
        _ => Class::APIError,
    }
}

/// Whether the status says that the same request may succeed later.
pub(super) fn is_passing(status: Option<u16>) -> bool {
    matches!(status, Some(408 | 409 | 429 | 500..))
}
