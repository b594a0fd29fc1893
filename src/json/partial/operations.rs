use alloc::string::String;

use super::super::check::Invalid;
use super::super::write::write_string;
use crate::text::{append, decimal};

/// Writes operations, each with its operand. Strings are handed on as they are written in JSON, escapes and all: what reads
/// the operations decodes them.
pub(super) struct Operations {
    json: String,
    /// A string is the operand, and its closing quote is not written yet.
    in_text: bool,
}

impl Operations {
    pub(super) fn new() -> Self {
        Self { json: String::from("["), in_text: false }
    }

    pub(super) fn element(&mut self, index: u64) {
        self.add("0", &decimal(index));
    }

    pub(super) fn begin_text(&mut self, is_name: bool) {
        self.add(if is_name { "0" } else { "2" }, "\"");
        self.in_text = true;
    }

    /// More of the string that was begun last, in this piece or in one before.
    pub(super) fn text(&mut self, is_name: bool, escaped: &str) {
        if !self.in_text {
            self.add(if is_name { "1" } else { "3" }, "\"");
            self.in_text = true;
        }
        append(&mut self.json, escaped);
    }

    pub(super) fn scalar(&mut self, json: &str) {
        self.add("2", json);
    }

    pub(super) fn open(&mut self, empty: &str) {
        self.add("4", empty);
    }

    pub(super) fn complete(&mut self, ends: bool) {
        self.add("5", if ends { "1" } else { "0" });
    }

    pub(super) fn invalid(&mut self, error: &Invalid) {
        self.add("6", "");
        write_string(&mut self.json, &error.words());
    }

    pub(super) fn finish(mut self) -> String {
        self.end_text();
        self.json.push(']');
        self.json
    }

    fn add(&mut self, operation: &str, operand: &str) {
        self.end_text();
        if self.json.len() > 1 {
            self.json.push(',');
        }
        append(&mut self.json, operation);
        self.json.push(',');
        append(&mut self.json, operand);
    }

    fn end_text(&mut self) {
        if core::mem::take(&mut self.in_text) {
            self.json.push('"');
        }
    }
}
