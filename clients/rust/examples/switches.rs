//! Prints who was switched to: `switches SERVER RECORDS [TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE]`.
use std::{env, error::Error, fs, process::ExitCode};
use tracery::{NegotiateError, Tool, Tracefs, blocking::Client, v1::KernelIdentity};
const FIELDS: [&str; 4] = ["prev_comm", "prev_pid", "next_comm", "next_pid"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let (server, records, kernel) = match &args[..] {
        [server, records] => (server, records, Tracefs::of_running_kernel()?),
        [server, records, folder, kernel @ ..] => {
            (server, records, Tracefs::new(folder, KernelIdentity::parse(kernel)?)?)
        }
        _ => return Err("expected SERVER RECORDS [TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE]".into()),
    };
    let tool =
        Tool::new("switches", "1.0").require("sched/sched_switch", FIELDS).like("sched/sched_switch", ["prev_state"]);
    let negotiated = match Client::connect(server)?.negotiate(&tool, &kernel) {
        Ok(negotiated) => negotiated,
        Err(error) => {
            eprintln!("{error}");
            return Ok(if matches!(error, NegotiateError::Unreachable { .. }) { 3.into() } else { 1.into() });
        }
    };
    negotiated.warnings().iter().chain(&negotiated.notes()).for_each(|line| eprintln!("{line}"));
    let switches = negotiated.decoder("sched/sched_switch")?;
    let (fields, state) = (FIELDS.map(|name| switches.field(name)), switches.field("prev_state"));
    let file = fs::read(records)?;
    let mut rest = &file[..];
    while let Some((length, from)) = rest.split_first_chunk() {
        let (raw, next) = from.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or("the file was cut")?;
        rest = next;
        let record = switches.decode(raw);
        let show = |field: Option<_>| field.and_then(|f| record.get(f)).map_or("?".into(), |value| value.to_string());
        let [prev, prev_pid, next, next_pid] = fields.map(show);
        let flags = state.and_then(|f| record.symbols(f)).map_or("".into(), |flags| flags.to_string());
        println!("{prev}:{prev_pid} [{}] ==> {next}:{next_pid}", if flags.is_empty() { "R" } else { &flags });
    }
    Ok(ExitCode::SUCCESS)
}
