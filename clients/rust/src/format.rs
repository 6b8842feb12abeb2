//! What a client must know of a format file.

use sha2::{Digest, Sha256};

use crate::v1::{ByteOrder, WordSize};

/// The identity of a format's layout, by which a registry knows it: the SHA-256 of the file without its `ID:` line, which
/// differs from boot to boot, and of the kernel's word size and byte order.
///
/// `text` is the file, byte for byte.
#[must_use]
pub fn layout_hash(text: &[u8], word_size: WordSize, byte_order: ByteOrder) -> [u8; 32] {
    let word = if word_size == WordSize::WordSize32 { "4" } else { "8" };
    let order = if byte_order == ByteOrder::BigEndian { "big" } else { "little" };
    let body = without_end(text);
    let (before, after) = match id_line(body) {
        Some((begin, end)) => (&body[..begin], &body[end..]),
        None => (body, &[][..]),
    };
    let after = without_end(after);
    let before = if after.is_empty() { without_end(before) } else { before };
    let mut hash = Sha256::new();
    hash.update(format!("tracery-layout 1 word={word} order={order}\n"));
    hash.update(before);
    hash.update(after);
    hash.update("\n");
    hash.finalize().into()
}

/// The number of a format's first `ID:` line, which is `common_type` in the event's records; 0 if there is none.
#[must_use]
pub fn format_id(text: &[u8]) -> u32 {
    let body = without_end(text);
    let Some((begin, end)) = id_line(body) else { return 0 };
    let line = &body[begin + 3..end];
    let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let digits = line[blanks..].iter().take_while(|byte| byte.is_ascii_digit()).take(9);
    digits.fold(0, |id, digit| id * 10 + u32::from(digit - b'0'))
}

/// Where the first line that begins with `ID:` is, its line feed included.
fn id_line(text: &[u8]) -> Option<(usize, usize)> {
    let mut begin = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"ID:") {
            return Some((begin, begin + line.len()));
        }
        begin += line.len();
    }
    None
}

fn without_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b'\n' | 0)).map_or(0, |last| last + 1);
    &text[..end]
}
