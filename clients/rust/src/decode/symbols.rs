//! Names of values and flags.

use std::fmt;
use std::iter::FusedIterator;

use crate::v1::{self, SymbolMatch};

/// The names that one `__print_symbolic` or `__print_flags` of a print format has for a field's values.
#[derive(Clone, Debug)]
pub struct SymbolTable {
    flags: bool,
    signed: bool,
    shift: u32,
    mask: u64,
    // The bits that the kernel compares: its `unsigned long`, or 64 for a field of 8 bytes.
    compared: u64,
    delimiter: String,
    symbols: Vec<(u64, String)>,
}

impl SymbolTable {
    pub(super) fn new(table: &v1::SymbolTable, signed: bool, bits: u32) -> Self {
        let compared = if bits == 32 { u64::from(u32::MAX) } else { u64::MAX };
        Self {
            flags: table.r#match() == SymbolMatch::Flags,
            signed,
            shift: table.shift,
            mask: table.mask,
            compared,
            delimiter: table.delimiter.clone(),
            symbols: table
                .symbols
                .iter()
                .map(|symbol| (symbol.value.cast_unsigned() & compared, symbol.name.clone()))
                .collect(),
        }
    }

    /// The names for an integer's 64 bits (see [`Value::bits`](super::Value::bits)).
    #[must_use]
    pub fn names(&self, bits: u64) -> Symbols<'_> {
        let shifted = if self.signed {
            (bits.cast_signed() >> self.shift.min(63)).cast_unsigned()
        } else {
            bits.checked_shr(self.shift).unwrap_or(0)
        };
        Symbols { table: self, left: shifted & self.mask & self.compared, next: 0 }
    }
}

/// The names that a table has for one value, in the order of the table. [`Display`](fmt::Display) puts the print format's
/// delimiter between them.
#[derive(Clone, Debug)]
pub struct Symbols<'a> {
    table: &'a SymbolTable,
    left: u64,
    next: usize,
}

impl Symbols<'_> {
    /// What no name stands for: the flags that are left, or the whole value. 0 if there is nothing.
    #[must_use]
    pub fn rest(&self) -> u64 {
        let mut names = self.clone();
        names.by_ref().for_each(drop);
        names.left
    }
}

impl<'a> Iterator for Symbols<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let table = self.table;
        while let Some((value, name)) = table.symbols.get(self.next) {
            if table.flags {
                if self.left == 0 {
                    break;
                }
                self.next += 1;
                if self.left & value == *value {
                    self.left &= !value;
                    return Some(name);
                }
            } else {
                self.next += 1;
                if self.left == *value && table.mask != 0 {
                    self.left = 0;
                    self.next = table.symbols.len();
                    return Some(name);
                }
            }
        }
        self.next = table.symbols.len();
        None
    }
}

impl FusedIterator for Symbols<'_> {}

impl fmt::Display for Symbols<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.clone().enumerate() {
            if index > 0 {
                f.write_str(&self.table.delimiter)?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}
