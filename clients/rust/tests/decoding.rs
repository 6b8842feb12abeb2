use fastrand::Rng;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, Value as Dynamic};
use prost_types::field_descriptor_proto::{Label, Type};
use tracery::descriptor::{DescriptorProto, FieldDescriptorProto, FieldOptions, FileDescriptorProto};
use tracery::v1::{
    Arithmetic, ByteOrder, Conversion, DecodeOperation, DecodePlan, EventFieldOptions, EventReading, Placement,
    WordSize,
};
use tracery::{Decoder, Value};

/// A plan that can be run, with any operations.
fn random_plan(random: &mut Rng) -> DecodePlan {
    let operations = (1..=random.i32(0..12)).map(|number| {
        let placement = random.i32(1..=4);
        let located = matches!(placement, 2 | 3);
        let conversion = random.i32(1..=6);
        let arithmetic = (conversion == 1 && random.bool()).then(|| Arithmetic {
            shift_right: random.u32(0..64),
            mask: if random.bool() { random.u64(..) } else { 0 },
            multiply: random.i64(-3..4),
            divide: random.i64(-3..4),
            add: random.i64(-9..9),
        });
        DecodeOperation {
            field_number: number * random.i32(1..40),
            placement,
            conversion,
            offset: random.u32(0..64),
            size: if located { [2, 4][random.usize(0..2)] } else { random.u32(0..40) },
            element_size: [1, 2, 4, 8][random.usize(0..4)],
            signed: random.bool(),
            arithmetic,
        }
    });
    let mut operations: Vec<DecodeOperation> = operations.collect();
    operations.sort_by_key(|operation| operation.field_number);
    operations.dedup_by_key(|operation| operation.field_number);
    random.shuffle(&mut operations);
    DecodePlan {
        event: "random/event".to_owned(),
        byte_order: random.i32(1..=2),
        word_size: random.i32(1..=2),
        operations,
        ..Default::default()
    }
}

fn random_record(random: &mut Rng) -> Vec<u8> {
    let length = random.usize(0..96);
    let small = random.bool();
    // Why small ones: locations then often point into the record.
    (0..length).map(|_| if small && random.u8(..) < 200 { random.u8(0..32) } else { random.u8(..) }).collect()
}

fn reading(plan: DecodePlan) -> EventReading {
    let field = plan.operations.iter().map(|operation| {
        let (kind, label) = match (operation.conversion(), operation.signed) {
            (Conversion::Integer, true) => (Type::Int64, Label::Optional),
            (Conversion::Integer, false) => (Type::Uint64, Label::Optional),
            (Conversion::Bool, _) => (Type::Bool, Label::Optional),
            (Conversion::String, _) => (Type::String, Label::Optional),
            (Conversion::Bytes, _) => (Type::Bytes, Label::Optional),
            (Conversion::Integers, true) => (Type::Int64, Label::Repeated),
            _ => (Type::Uint64, Label::Repeated),
        };
        let name = format!("f{}", operation.field_number);
        let options = EventFieldOptions { name: name.clone(), ..Default::default() };
        FieldDescriptorProto {
            name: Some(name),
            number: Some(operation.field_number),
            r#type: Some(kind.into()),
            label: Some(label.into()),
            options: Some(FieldOptions { event_field: Some(options), ..Default::default() }),
            ..Default::default()
        }
    });
    let message = DescriptorProto { name: Some("Event".to_owned()), field: field.collect(), ..Default::default() };
    EventReading {
        event: plan.event.clone(),
        message_name: "random.Event".to_owned(),
        file: Some(FileDescriptorProto {
            name: Some("random.proto".to_owned()),
            package: Some("random".to_owned()),
            syntax: Some("proto3".to_owned()),
            message_type: vec![message],
            ..Default::default()
        }),
        decode_plan: Some(plan),
        ..Default::default()
    }
}

fn dynamic(value: &Value<'_>) -> Dynamic {
    match value {
        Value::I64(value) => Dynamic::I64(*value),
        Value::U64(value) => Dynamic::U64(*value),
        Value::Bool(value) => Dynamic::Bool(*value),
        Value::Str(text) => Dynamic::String(text.clone().into_owned()),
        Value::Bytes(bytes) => Dynamic::Bytes(bytes.to_vec().into()),
        Value::I64List(list) => Dynamic::List(list.iter().map(Dynamic::I64).collect()),
        Value::U64List(list) => Dynamic::List(list.iter().map(Dynamic::U64).collect()),
        other => panic!("a new kind of value: {other:?}"),
    }
}

#[test]
fn random_plans_write_messages_that_protobuf_reads_as_the_same_values() {
    let mut random = Rng::with_seed(5);
    let mut values = 0;
    for _ in 0..2_000 {
        let reading = reading(random_plan(&mut random));
        let decoder = Decoder::new(&reading).expect("a plan that can be run");
        let file = prost_types::FileDescriptorProto::decode(reading.file.expect("a file").encode_to_vec().as_slice());
        let mut pool = DescriptorPool::new();
        pool.add_file_descriptor_proto(file.expect("the same file")).expect("a file that links");
        let descriptor = pool.get_message_by_name("random.Event").expect("the message");
        for _ in 0..8 {
            let bytes = random_record(&mut random);
            let record = decoder.decode(&bytes);
            let mut message = Vec::new();
            record.write_message(&mut message);
            let read = DynamicMessage::decode(descriptor.clone(), message.as_slice()).expect("a message");
            assert_eq!(read.unknown_fields().count(), 0);
            for (field, info) in decoder.fields() {
                let number = u32::try_from(info.number()).expect("a number");
                match record.get(field) {
                    Some(value) => {
                        values += 1;
                        assert_eq!(*read.get_field_by_number(number).expect("a field"), dynamic(&value));
                    }
                    None => assert!(!read.has_field_by_number(number)),
                }
            }
        }
    }
    assert!(values > 10_000, "only {values} values were compared");
}

#[test]
fn plans_of_any_numbers_are_refused_or_run() {
    let mut random = Rng::with_seed(6);
    let (mut run, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let mut plan = random_plan(&mut random);
        for operation in &mut plan.operations {
            match random.u8(0..8) {
                0 => operation.placement = random.i32(..),
                1 => operation.conversion = random.i32(..),
                2 => operation.offset = random.u32(..),
                3 => operation.size = random.u32(..),
                4 => operation.element_size = random.u32(..),
                5 => operation.field_number = random.i32(..),
                _ => {}
            }
        }
        match Decoder::new(&reading(plan)) {
            Ok(decoder) => {
                run += 1;
                let bytes = random_record(&mut random);
                let record = decoder.decode(&bytes);
                record.write_message(&mut Vec::new());
                record.values().for_each(|(_, value)| drop(value.to_string()));
            }
            Err(error) => {
                refused += 1;
                assert!(error.to_string().starts_with("random/event: operation "), "{error}");
            }
        }
    }
    assert!(run > 1_000 && refused > 1_000, "{run} run, {refused} refused");
}

#[test]
fn a_cut_record_has_the_values_that_are_whole_and_no_others() {
    let decoder = Decoder::new(&reading(DecodePlan {
        event: "random/event".to_owned(),
        byte_order: ByteOrder::BigEndian.into(),
        word_size: WordSize::WordSize64.into(),
        operations: vec![DecodeOperation {
            field_number: 1,
            placement: Placement::Fixed.into(),
            conversion: Conversion::Integer.into(),
            offset: 2,
            size: 4,
            element_size: 4,
            signed: true,
            arithmetic: None,
        }],
        ..Default::default()
    }))
    .expect("a plan that can be run");
    let field = decoder.field("f1").expect("the field");
    let record = [9, 9, 0xff, 0xff, 0xff, 0xfe, 9];
    for length in 0..=record.len() {
        let value = decoder.decode(&record[..length]).get(field).and_then(|value| value.as_i64());
        assert_eq!(value, (length >= 6).then_some(-2), "of {length} bytes");
    }
}

#[test]
fn another_decoders_field_has_no_value() {
    let two = Decoder::new(&reading(random_plan(&mut Rng::with_seed(1)))).expect("a plan");
    let none = Decoder::new(&reading(DecodePlan {
        byte_order: ByteOrder::LittleEndian.into(),
        word_size: WordSize::WordSize32.into(),
        ..Default::default()
    }))
    .expect("a plan");
    for (field, _) in two.fields() {
        assert!(none.decode(&[0; 64]).get(field).is_none());
        assert!(none.info(field).is_none());
    }
}
