//! What stands behind a backslash.

/// What the escapes of one letter say; the letter itself for `u`, 0 for what is no escape.
pub(super) static ESCAPES: [u8; 256] = escapes();

/// What a hexadecimal digit says; 255 for what is none.
pub(super) static DIGITS: [u8; 256] = digits();

const fn escapes() -> [u8; 256] {
    let mut escapes = [0; 256];
    let (letters, characters) = (b"\"\\/bfnrtu", b"\"\\/\x08\x0C\n\r\tu");
    let mut at = 0;
    while at < letters.len() {
        escapes[letters[at] as usize] = characters[at];
        at += 1;
    }
    escapes
}

const fn digits() -> [u8; 256] {
    let mut digits = [u8::MAX; 256];
    let mut digit = 0;
    while digit < 16 {
        let [lower, upper] = [b"0123456789abcdef"[digit], b"0123456789ABCDEF"[digit]];
        digits[lower as usize] = digit as u8;
        digits[upper as usize] = digit as u8;
        digit += 1;
    }
    digits
}
