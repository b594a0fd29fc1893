use crate::json::{Strings, write_string};
use crate::text::{find, split};
use alloc::string::String;

const REDACTED: &str = "[redacted]";

/// Replaces the secrets in a text.
pub(super) fn text(text: &mut String, secrets: &[&str]) {
    for secret in secrets {
        let mut redacted = String::new();
        let mut rest = text.as_str();
        while let Some((before, behind)) = split(rest, secret) {
            redacted.push_str(before);
            redacted.push_str(REDACTED);
            rest = behind;
        }
        if rest.len() < text.len() {
            redacted.push_str(rest);
            *text = redacted;
        }
    }
}

/// Replaces the secrets in the strings and names of a JSON text, however they are escaped there. The rest stays as it is.
pub(super) fn json(json: &mut String, secrets: &[&str]) {
    let mut out = String::new();
    let mut kept = 0;
    for (range, mut string) in Strings::of(json) {
        if secrets.iter().any(|secret| find(&string, secret).is_some()) {
            text(&mut string, secrets);
            out.push_str(json.get(kept..range.start).unwrap_or_default());
            write_string(&mut out, &string);
            kept = range.end;
        }
    }
    if kept > 0 {
        out.push_str(json.get(kept..).unwrap_or_default());
        *json = out;
    }
}
