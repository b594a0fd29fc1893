use alloc::string::String;
use alloc::vec::Vec;

/// Encodes bytes as base64 (RFC 4648, section 4) as they come in, in pieces of any size.
#[derive(Debug, Default)]
pub struct Base64 {
    /// ASCII
    text: Vec<u8>,
    /// Bytes that are no whole group of three yet: at most two.
    rest: [u8; 2],
    rest_len: usize,
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The length of the encoded text of so many bytes, padding included.
#[must_use]
pub fn encoded_len(bytes: u64) -> u64 {
    bytes.div_ceil(3).saturating_mul(4)
}

impl Base64 {
    /// An encoder that writes behind `prefix`, with room for so many characters in all.
    #[must_use]
    pub fn behind(prefix: &str, capacity: usize) -> Self {
        let mut text = Vec::with_capacity(capacity);
        text.extend_from_slice(prefix.as_bytes());
        Self { text, ..Self::default() }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut bytes = bytes;
        while self.rest_len > 0 {
            let Some((first, others)) = bytes.split_first() else { return };
            bytes = others;
            if let Some(free) = self.rest.get_mut(self.rest_len) {
                *free = *first;
                self.rest_len += 1;
            } else {
                self.group(self.rest[0], self.rest[1], *first);
                self.rest_len = 0;
            }
        }
        let groups = bytes.chunks_exact(3);
        let rest = groups.remainder();
        for group in groups {
            if let [a, b, c] = *group {
                self.group(a, b, c);
            }
        }
        for (place, byte) in self.rest.iter_mut().zip(rest) {
            *place = *byte;
        }
        self.rest_len = rest.len();
    }

    /// How many characters there are so far, those of a group that is not whole left out.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing has been written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The whole text, padded; nothing comes behind it.
    #[must_use]
    pub fn finish(&mut self) -> String {
        let [a, b] = self.rest;
        match self.rest_len {
            0 => (),
            1 => {
                self.group(a, 0, 0);
                self.pad(2);
            }
            _ => {
                self.group(a, b, 0);
                self.pad(1);
            }
        }
        String::from_utf8(core::mem::take(&mut self.text)).unwrap_or_default()
    }

    fn group(&mut self, a: u8, b: u8, c: u8) {
        let bits = u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c);
        let letter = |shift: u32| ALPHABET[(bits >> shift & 63) as usize];
        self.text.extend_from_slice(&[letter(18), letter(12), letter(6), letter(0)]);
    }

    fn pad(&mut self, letters: usize) {
        self.text.truncate(self.text.len() - letters);
        self.text.extend(core::iter::repeat_n(b'=', letters));
    }
}
