//! Decodes all fields of sched_switch records into native values, on one core, and prints how many records a second: the
//! median of several rounds.

use std::hint::black_box;
use std::time::Instant;

use tracery::descriptor::{DescriptorProto, FieldDescriptorProto, FieldOptions, FileDescriptorProto};
use tracery::v1::{
    ByteOrder, Conversion, DecodeOperation, DecodePlan, EventFieldOptions, EventReading, Placement, WordSize,
};
use tracery::{Decoder, Field, Value};

const RECORDS: usize = 1000;
const PASSES: usize = 1000;
const ROUNDS: usize = 7;

/// Of Linux 6.12, x86_64: name, offset, size, whether it is a string.
const FIELDS: [(&str, u32, u32, bool); 7] = [
    ("prev_comm", 8, 16, true),
    ("prev_pid", 24, 4, false),
    ("prev_prio", 28, 4, false),
    ("prev_state", 32, 8, false),
    ("next_comm", 40, 16, true),
    ("next_pid", 56, 4, false),
    ("next_prio", 60, 4, false),
];

fn main() {
    let decoder = Decoder::new(&reading()).expect("a plan that can be run");
    let fields: Vec<Field> = FIELDS.iter().filter_map(|(name, ..)| decoder.field(name)).collect();
    let records: Vec<Vec<u8>> = (0..RECORDS).map(record).collect();
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            for _ in 0..PASSES {
                for record in &records {
                    let record = decoder.decode(black_box(record));
                    for field in &fields {
                        black_box::<Option<Value<'_>>>(record.get(*field));
                    }
                }
            }
            (RECORDS * PASSES) as f64 / begin.elapsed().as_secs_f64()
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    println!("{:.0}", rates[ROUNDS / 2]);
}

fn reading() -> EventReading {
    let (fields, operations) = FIELDS
        .iter()
        .zip(1..)
        .map(|((name, offset, size, is_text), number)| {
            let options = EventFieldOptions { name: (*name).to_owned(), ..Default::default() };
            let field = FieldDescriptorProto {
                name: Some((*name).to_owned()),
                number: Some(number),
                options: Some(FieldOptions { event_field: Some(options), ..Default::default() }),
                ..Default::default()
            };
            let operation = DecodeOperation {
                field_number: number,
                placement: Placement::Fixed.into(),
                conversion: if *is_text { Conversion::String } else { Conversion::Integer }.into(),
                offset: *offset,
                size: *size,
                element_size: if *is_text { 1 } else { *size },
                signed: !is_text,
                arithmetic: None,
            };
            (field, operation)
        })
        .unzip();
    let message = DescriptorProto { name: Some("SchedSwitch".to_owned()), field: fields, ..Default::default() };
    EventReading {
        event: "sched/sched_switch".to_owned(),
        message_name: "linux.sched.SchedSwitch".to_owned(),
        file: Some(FileDescriptorProto {
            package: Some("linux.sched".to_owned()),
            message_type: vec![message],
            ..Default::default()
        }),
        decode_plan: Some(DecodePlan {
            byte_order: ByteOrder::LittleEndian.into(),
            word_size: WordSize::WordSize64.into(),
            operations,
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn record(number: usize) -> Vec<u8> {
    let mut record = vec![0; 8];
    for (index, (_, _, size, is_text)) in FIELDS.iter().enumerate() {
        let text = ["swapper/0", "kworker/0:1", "rcu_preempt", "fifteen letters"][(number + index) % 4];
        let bytes = if *is_text { text.as_bytes().to_vec() } else { (number * 7 + index).to_le_bytes().to_vec() };
        record.extend(bytes.into_iter().chain([0; 16]).take(*size as usize));
    }
    record
}
