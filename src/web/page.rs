use alloc::borrow::ToOwned;
use alloc::string::String;

use super::thrown::{global, property};
use crate::request::is_relative;
use crate::text::{cut, fill};

/// The base URL where relative ones of a page, whose `<base>` may name another machine, or of a worker lead to by `fetch`: as
/// one that holds for a check of it, too. In pages of another scheme, such as an application's own, it is left as it is.
#[inline(never)]
pub(super) fn absolute(base_url: &str) -> String {
    let base = base_url.trim_ascii();
    let origin = if is_relative(base) { origin().filter(|origin| origin.starts_with("http")) } else { None };
    fill("{}{}", &[&origin.unwrap_or_default(), base])
}

/// The origin to which relative addresses of the page or worker belong, where there is one.
#[inline(never)]
pub(super) fn origin() -> Option<String> {
    let global = global();
    let text = |of: &str, name: &str| property(&property(&global, of), name).as_string();
    let address = text("document", "baseURI").or_else(|| text("location", "href"))?;
    // Of a worker that was made of a `Blob`: what follows is of its maker's origin.
    let address = address.strip_prefix("blob:").unwrap_or(&address);
    let path = address.bytes().enumerate().filter(|&(_, byte)| byte == b'/').nth(2);
    Some(cut(address, 0, path.map_or(address.len(), |(at, _)| at)).to_owned())
}
