//! A field's value.

use std::borrow::Cow;
use std::fmt;

use super::List;

/// The value of one field of one record. Borrows from the record.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A signed integer of any size.
    I64(i64),
    /// An unsigned integer of any size.
    U64(u64),
    /// A truth value.
    Bool(bool),
    /// A text, cut at its first NUL; what is not UTF-8 is replaced by U+FFFD. Owned only then.
    Str(Cow<'a, str>),
    /// Bytes as they are.
    Bytes(&'a [u8]),
    /// Signed integers.
    I64List(List<'a, i64>),
    /// Unsigned integers; or a bitmask in words of 64 bits, the lowest first.
    U64List(List<'a, u64>),
}

impl<'a> Value<'a> {
    /// The integer, if it is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match *self {
            Value::I64(value) => Some(value),
            Value::U64(value) => value.try_into().ok(),
            _ => None,
        }
    }

    /// The integer, if it is one that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match *self {
            Value::I64(value) => value.try_into().ok(),
            Value::U64(value) => Some(value),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, if it is such.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The 64 bits of an integer, for [`SymbolTable::names`](super::SymbolTable::names).
    #[must_use]
    pub fn bits(&self) -> Option<u64> {
        match *self {
            Value::I64(value) => Some(value.cast_unsigned()),
            Value::U64(value) => Some(value),
            _ => None,
        }
    }
}

/// Integers in decimal, texts as they are, bytes in hexadecimal, lists with commas.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::I64(value) => value.fmt(f),
            Value::U64(value) => value.fmt(f),
            Value::Bool(value) => value.fmt(f),
            Value::Str(text) => text.fmt(f),
            Value::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Value::I64List(list) => separated(f, list.iter()),
            Value::U64List(list) => separated(f, list.iter()),
        }
    }
}

fn separated(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = impl fmt::Display>) -> fmt::Result {
    for (index, item) in items.enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}
