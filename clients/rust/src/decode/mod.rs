//! Decoding of raw records by the plan that a registry answered with.

mod list;
mod operation;
mod symbols;
mod value;

use std::fmt;

pub use list::{List, ListIter};
use operation::Operation;
pub use symbols::{SymbolTable, Symbols};
pub use value::Value;

use crate::v1;

/// Reads the records of one event of one kernel.
///
/// Making one checks the plan; from then on nothing fails, whatever a record holds, and nothing is read outside of it.
/// Decoding allocates only for strings that are not UTF-8.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let negotiated: tracery::Negotiated = unimplemented!();
/// # let raw: &[u8] = &[];
/// let switches = negotiated.decoder("sched/sched_switch")?;
/// let next_pid = switches.field("next_pid").ok_or("no next_pid")?;
/// if let Some(pid) = switches.decode(raw).get(next_pid) {
///     println!("{pid}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Decoder {
    event: String,
    message_name: String,
    // By field number; of the same length.
    fields: Vec<FieldInfo>,
    operations: Vec<Option<Operation>>,
}

/// A field of one [`Decoder`], to be looked up once and used for every record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field(usize);

/// What is known of a field.
#[derive(Clone, Debug)]
pub struct FieldInfo {
    number: i32,
    options: v1::EventFieldOptions,
    symbols: Vec<SymbolTable>,
}

/// Why a plan cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError(String);

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PlanError {}

impl PlanError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl Decoder {
    /// The decoder of an event's records, as a registry answered.
    ///
    /// # Errors
    ///
    /// If the answer has no plan or no such message, or the plan has an operation that is none; the error says which and why.
    pub fn new(reading: &v1::EventReading) -> Result<Self, PlanError> {
        let event = &reading.event;
        let plan =
            reading.decode_plan.as_ref().ok_or_else(|| PlanError(format!("{event}: the answer has no decode plan")))?;
        let mut operations = operation::compile(plan)?;
        let kernel_bits = match plan.word_size() {
            v1::WordSize::WordSize32 => 32,
            _ => 64,
        };
        let mut fields = describe(reading)?;
        for operation in &operations {
            if !fields.iter().any(|field| field.number == operation.number()) {
                fields.push(FieldInfo {
                    number: operation.number(),
                    options: v1::EventFieldOptions::default(),
                    symbols: Vec::new(),
                });
            }
        }
        fields.sort_by_key(|field| field.number);
        operations.sort_by_key(Operation::number);
        let mut rest = operations.into_iter().peekable();
        let mut operations = Vec::with_capacity(fields.len());
        for field in &mut fields {
            let operation = rest.next_if(|operation| operation.number() == field.number);
            let signed = operation.as_ref().is_some_and(Operation::is_signed);
            let bits = if operation.as_ref().is_some_and(Operation::is_wide) { 64 } else { kernel_bits };
            field.symbols = field.options.symbols.iter().map(|table| SymbolTable::new(table, signed, bits)).collect();
            operations.push(operation);
        }
        Ok(Self { event: event.clone(), message_name: reading.message_name.clone(), fields, operations })
    }

    /// The event, `system/name`.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The full name of the message that [`Record::write_message`] writes: `linux.sched.SchedSwitch`.
    #[must_use]
    pub fn message_name(&self) -> &str {
        &self.message_name
    }

    /// The field that the kernel calls `name`; the first, where there are several.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Field> {
        self.field_at(name, 0)
    }

    /// Which of the fields that the kernel calls `name`, from 0. There are events with two fields of one name.
    #[must_use]
    pub fn field_at(&self, name: &str, occurrence: u32) -> Option<Field> {
        self.fields
            .iter()
            .position(|field| !name.is_empty() && field.name() == name && field.occurrence() == occurrence)
            .map(Field)
    }

    /// All fields, in the order of their numbers in the message.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (Field, &FieldInfo)> {
        self.fields.iter().enumerate().map(|(index, info)| (Field(index), info))
    }

    /// What is known of a field; nothing, if it is another decoder's.
    #[must_use]
    pub fn info(&self, field: Field) -> Option<&FieldInfo> {
        self.fields.get(field.0)
    }

    /// The fields of a record, which begins with `common_type`. Reads nothing yet.
    #[inline]
    #[must_use]
    pub fn decode<'a>(&'a self, record: &'a [u8]) -> Record<'a> {
        Record { decoder: self, bytes: record }
    }
}

impl FieldInfo {
    /// The kernel's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// Which of the fields of that name, from 0.
    #[must_use]
    pub fn occurrence(&self) -> u32 {
        self.options.occurrence
    }

    /// The field's number in the message.
    #[must_use]
    pub fn number(&self) -> i32 {
        self.number
    }

    /// The type in C, as the format spells it: `char[16]`.
    #[must_use]
    pub fn c_type(&self) -> &str {
        &self.options.c_type
    }

    /// What the field holds.
    #[must_use]
    pub fn kind(&self) -> v1::FieldKind {
        self.options.kind()
    }

    /// The names of its values and flags: one table for each place of the print format that names them.
    #[must_use]
    pub fn symbols(&self) -> &[SymbolTable] {
        &self.symbols
    }
}

/// The fields of one record. Each is read when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    decoder: &'a Decoder,
    bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// A field's value. There is none if the record is too short for it, or says that it lies outside of the record, or if
    /// this kernel does not have the field; that is not the same as 0.
    #[inline]
    #[must_use]
    pub fn get(&self, field: Field) -> Option<Value<'a>> {
        self.decoder.operations.get(field.0)?.as_ref()?.read(self.bytes)
    }

    /// The names of an integer's value or flags, by the first of the field's tables. There are none if it has no table, no
    /// value, or is no integer.
    #[must_use]
    pub fn symbols(&self, field: Field) -> Option<Symbols<'a>> {
        let table = self.decoder.info(field)?.symbols.first()?;
        Some(table.names(self.get(field)?.bits()?))
    }

    /// Every field that has a value, in the order of their numbers.
    pub fn values(&self) -> impl Iterator<Item = (Field, Value<'a>)> + use<'a> {
        let record = *self;
        (0..self.decoder.fields.len()).filter_map(move |index| Some((Field(index), record.get(Field(index))?)))
    }

    /// Appends the bytes of the event's protobuf message, fields in the order of their numbers.
    pub fn write_message(&self, out: &mut Vec<u8>) {
        for operation in self.decoder.operations.iter().flatten() {
            operation.write(self.bytes, out);
        }
    }
}

/// The fields of the event's message.
fn describe(reading: &v1::EventReading) -> Result<Vec<FieldInfo>, PlanError> {
    let missing = || PlanError(format!("{}: the answer does not describe {:?}", reading.event, reading.message_name));
    let file = reading.file.as_ref().ok_or_else(missing)?;
    let name = match file.package() {
        "" => Some(reading.message_name.as_str()),
        package => reading.message_name.strip_prefix(package).and_then(|rest| rest.strip_prefix('.')),
    };
    let message = file.message_type.iter().find(|message| Some(message.name()) == name).ok_or_else(missing)?;
    Ok(message
        .field
        .iter()
        .map(|field| FieldInfo {
            number: field.number(),
            options: field.options.as_ref().and_then(|options| options.event_field.clone()).unwrap_or_default(),
            symbols: Vec::new(),
        })
        .collect())
}
