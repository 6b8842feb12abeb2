//! One operation of a plan, checked, and run on records.

use super::list::{List, Words};
use super::{PlanError, Value};
use crate::v1::{self, Conversion, Placement};

/// No sub-buffer is larger (`RB_WRITE_MASK`, kernel/trace/ring_buffer.c).
const MAX_OFFSET: u32 = 1 << 20;
const MAX_FIELD_NUMBER: i32 = (1 << 29) - 1;

/// A field's bytes: where they are, and what is made of them.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    number: i32,
    place: Place,
    form: Form,
    words: Words,
    signed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Fixed { offset: usize, end: usize },
    // `base` is what the location counts from.
    Located { offset: usize, end: usize, base: usize, short: bool, big_endian: bool },
    Rest { offset: usize, end: usize },
}

#[derive(Clone, Debug)]
enum Form {
    Integer,
    Computed(Box<v1::Arithmetic>),
    Bool,
    String,
    Bytes,
    Integers,
    Bitmask,
}

/// The operations of a plan.
pub(super) fn compile(plan: &v1::DecodePlan) -> Result<Vec<Operation>, PlanError> {
    let event = &plan.event;
    let big_endian = match plan.byte_order() {
        v1::ByteOrder::LittleEndian => false,
        v1::ByteOrder::BigEndian => true,
        v1::ByteOrder::Unspecified => return Err(PlanError::new(format!("{event}: the plan has no byte order"))),
    };
    if plan.word_size() == v1::WordSize::Unspecified {
        return Err(PlanError::new(format!("{event}: the plan has no word size")));
    }
    let mut numbers = std::collections::HashSet::new();
    plan.operations
        .iter()
        .enumerate()
        .map(|(index, operation)| {
            let compiled = if numbers.insert(operation.field_number) {
                Operation::new(operation, big_endian)
            } else {
                Err("its field number is another's".to_owned())
            };
            compiled.map_err(|problem| {
                PlanError::new(format!(
                    "{event}: operation {index} of the plan, for field {}: {problem}",
                    operation.field_number
                ))
            })
        })
        .collect()
}

impl Operation {
    fn new(operation: &v1::DecodeOperation, big_endian: bool) -> Result<Self, String> {
        let v1::DecodeOperation { field_number: number, offset, size, element_size, signed, .. } = *operation;
        if !(1..=MAX_FIELD_NUMBER).contains(&number) {
            return Err(format!("expected a field number from 1 to {MAX_FIELD_NUMBER}"));
        }
        if offset > MAX_OFFSET || size > MAX_OFFSET {
            return Err(format!("offset {offset} and size {size} must be {MAX_OFFSET} at most"));
        }
        let shift = operation.arithmetic.as_ref().map_or(0, |arithmetic| arithmetic.shift_right);
        if shift > 63 {
            return Err(format!("shifts by {shift} bits; 63 are the most"));
        }
        let conversion = Conversion::try_from(operation.conversion).unwrap_or_default();
        let form = match conversion {
            Conversion::Integer => match &operation.arithmetic {
                Some(arithmetic) => Form::Computed(Box::new(*arithmetic)),
                None => Form::Integer,
            },
            Conversion::Bool => Form::Bool,
            Conversion::String => Form::String,
            Conversion::Bytes => Form::Bytes,
            Conversion::Integers => Form::Integers,
            Conversion::Bitmask => Form::Bitmask,
            Conversion::Unspecified => return Err(format!("unknown conversion {}", operation.conversion)),
        };
        let words = match form {
            Form::String | Form::Bytes => Words::BYTES,
            _ => Words::new(element_size, big_endian)
                .ok_or_else(|| format!("expected integers of 1, 2, 4 or 8 bytes but found {element_size}"))?,
        };
        let (offset, size) = (offset as usize, size as usize);
        let end = offset + size;
        let place = match Placement::try_from(operation.placement).unwrap_or_default() {
            Placement::Fixed => Place::Fixed { offset, end },
            Placement::Rest => Place::Rest { offset, end },
            placement @ (Placement::DataLoc | Placement::RelLoc) => {
                if size != 2 && size != 4 {
                    return Err(format!("expected a location word of 2 or 4 bytes but found {size}"));
                }
                let base = if placement == Placement::RelLoc { end } else { 0 };
                Place::Located { offset, end, base, short: size == 2, big_endian }
            }
            Placement::Unspecified => return Err(format!("unknown placement {}", operation.placement)),
        };
        Ok(Self { number, place, form, words, signed })
    }

    pub(super) fn number(&self) -> i32 {
        self.number
    }

    pub(super) fn is_signed(&self) -> bool {
        self.signed
    }

    /// Whether its integers have 8 bytes.
    pub(super) fn is_wide(&self) -> bool {
        self.words.size() == 8
    }

    /// The value's bytes.
    #[inline]
    fn find<'r>(&self, record: &'r [u8]) -> Option<&'r [u8]> {
        match self.place {
            Place::Fixed { offset, end } => record.get(offset..end),
            Place::Rest { offset, end } => record.get(end..).and(record.get(offset..)),
            Place::Located { offset, end, base, short, big_endian } => {
                let word = record.get(offset..end)?;
                let location = if short {
                    Words::new(2, big_endian)?.first(word, false)?
                } else {
                    Words::new(4, big_endian)?.first(word, false)?
                } as usize;
                let from = base + (location & 0xffff);
                let to = if short { record.len() } else { from + (location >> 16) };
                record.get(from..to)
            }
        }
    }

    /// The field's value.
    #[inline]
    pub(super) fn read<'r>(&self, record: &'r [u8]) -> Option<Value<'r>> {
        let bytes = self.find(record)?;
        Some(match &self.form {
            Form::Integer => self.sign(self.words.first(bytes, self.signed)?),
            Form::Computed(arithmetic) => {
                self.sign(compute(arithmetic, self.signed, self.words.first(bytes, self.signed)?))
            }
            Form::Bool => Value::Bool(self.words.first(bytes, false)? != 0),
            Form::String => Value::Str(String::from_utf8_lossy(text(bytes))),
            Form::Bytes => Value::Bytes(bytes),
            Form::Integers if self.signed => Value::I64List(List::of_integers(bytes, self.words)),
            Form::Integers => Value::U64List(List::of_integers(bytes, self.words)),
            Form::Bitmask => Value::U64List(List::of_bitmask(bytes, self.words)),
        })
    }

    #[inline]
    fn sign(&self, bits: u64) -> Value<'static> {
        if self.signed { Value::I64(bits.cast_signed()) } else { Value::U64(bits) }
    }

    /// Appends the message's field, unless it has its default value.
    pub(super) fn write(&self, record: &[u8], out: &mut Vec<u8>) {
        let Some(bytes) = self.find(record) else { return };
        match &self.form {
            Form::Integer => self.write_varint(self.words.first(bytes, self.signed), out),
            Form::Computed(arithmetic) => {
                let raw = self.words.first(bytes, self.signed);
                self.write_varint(raw.map(|raw| compute(arithmetic, self.signed, raw)), out);
            }
            Form::Bool => self.write_varint(self.words.first(bytes, false).map(|bits| u64::from(bits != 0)), out),
            Form::String => self.write_text(text(bytes), out),
            Form::Bytes => {
                if !bytes.is_empty() {
                    self.write_length(bytes.len(), out);
                    out.extend_from_slice(bytes);
                }
            }
            Form::Integers if self.signed => {
                self.write_packed(List::<i64>::of_integers(bytes, self.words).iter().map(i64::cast_unsigned), out);
            }
            Form::Integers => self.write_packed(List::<u64>::of_integers(bytes, self.words).iter(), out),
            Form::Bitmask => self.write_packed(List::<u64>::of_bitmask(bytes, self.words).iter(), out),
        }
    }

    fn write_varint(&self, value: Option<u64>, out: &mut Vec<u8>) {
        if let Some(value) = value.filter(|value| *value != 0) {
            self.write_tag(0, out);
            varint(value, out);
        }
    }

    fn write_text(&self, text: &[u8], out: &mut Vec<u8>) {
        const REPLACEMENT: &str = "\u{fffd}";
        let length: usize = text
            .utf8_chunks()
            .map(|chunk| chunk.valid().len() + if chunk.invalid().is_empty() { 0 } else { REPLACEMENT.len() })
            .sum();
        if length == 0 {
            return;
        }
        self.write_length(length, out);
        for chunk in text.utf8_chunks() {
            out.extend_from_slice(chunk.valid().as_bytes());
            if !chunk.invalid().is_empty() {
                out.extend_from_slice(REPLACEMENT.as_bytes());
            }
        }
    }

    fn write_packed(&self, values: impl Iterator<Item = u64> + Clone, out: &mut Vec<u8>) {
        let length = values.clone().map(varint_size).sum();
        if length > 0 {
            self.write_length(length, out);
            values.for_each(|value| varint(value, out));
        }
    }

    fn write_length(&self, length: usize, out: &mut Vec<u8>) {
        self.write_tag(2, out);
        varint(length as u64, out);
    }

    fn write_tag(&self, wire_type: u64, out: &mut Vec<u8>) {
        varint(u64::from(self.number.cast_unsigned()) << 3 | wire_type, out);
    }
}

/// Up to the first NUL.
#[inline]
fn text(bytes: &[u8]) -> &[u8] {
    bytes.iter().position(|byte| *byte == 0).map_or(bytes, |end| &bytes[..end])
}

/// `((raw >> shift_right) & mask) * multiply / divide + add`; what is 0 is left out.
fn compute(arithmetic: &v1::Arithmetic, signed: bool, raw: u64) -> u64 {
    let v1::Arithmetic { shift_right, mask, multiply, divide, add } = *arithmetic;
    let mut value = if signed { (raw.cast_signed() >> shift_right).cast_unsigned() } else { raw >> shift_right };
    if mask != 0 {
        value &= mask;
    }
    if multiply != 0 {
        value = value.wrapping_mul(multiply.cast_unsigned());
    }
    if divide != 0 {
        value = if signed {
            value.cast_signed().wrapping_div(divide).cast_unsigned()
        } else {
            value / divide.cast_unsigned()
        };
    }
    value.wrapping_add(add.cast_unsigned())
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn varint_size(value: u64) -> usize {
    (70 - (value | 1).leading_zeros() as usize) / 7
}
