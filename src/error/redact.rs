use super::echo::Quotations;
use crate::json::{Strings, write_string};
use crate::text::{append, cut, find};
use alloc::string::String;
use core::ops::Range;

const REDACTED: &str = "[redacted]";

/// Shorter ones are stand-ins for keys, and would take half of the text with them.
const SHORTEST_SECRET: usize = 8;

/// Takes out of texts what no error may show.
#[derive(Debug)]
pub(super) struct Redactor<'a> {
    secrets: &'a [&'a str],
    quotations: Quotations<'a>,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(secrets: &'a [&'a str], payload: &'a str) -> Self {
        Self { secrets, quotations: Quotations::of(payload) }
    }

    pub(super) fn text(&self, text: &mut String) {
        for secret in self.secrets {
            if secret.len() >= SHORTEST_SECRET {
                replace(text, &|text, from| {
                    let at = from + find(cut(text, from, text.len()), secret)?;
                    Some(at..at + secret.len())
                });
            }
        }
        replace(text, &|text, from| self.quotations.first(text, from));
    }

    /// Of a JSON text, in its strings and names, however they are escaped there. The rest stays as it is.
    pub(super) fn json(&self, json: &mut String) {
        let mut out = String::new();
        let mut kept = 0;
        for (range, string) in Strings::of(json) {
            let mut redacted = string.clone();
            self.text(&mut redacted);
            if redacted != string {
                append(&mut out, cut(json, kept, range.start));
                write_string(&mut out, &redacted);
                kept = range.end;
            }
        }
        if kept > 0 {
            append(&mut out, cut(json, kept, json.len()));
            *json = out;
        }
    }
}

/// Replaces what is found, from the text's beginning on.
fn replace(text: &mut String, first: &dyn Fn(&str, usize) -> Option<Range<usize>>) {
    let mut out = String::new();
    let mut kept = 0;
    while let Some(range) = first(text, kept) {
        append(&mut out, cut(text, kept, range.start));
        append(&mut out, REDACTED);
        kept = range.end;
    }
    if kept > 0 {
        append(&mut out, cut(text, kept, text.len()));
        *text = out;
    }
}
