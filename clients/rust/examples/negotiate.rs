//! How long a tool takes to start: negotiates five events, builds their decoders, and ends.

use tracery::v1::KernelIdentity;
use tracery::{NegotiateOptions, Tool, Tracefs, blocking::Client};

const EVENTS: [&str; 5] = [
    "sched/sched_switch",
    "sched/sched_waking",
    "sched/sched_process_exit",
    "irq/irq_handler_entry",
    "irq/softirq_entry",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [server, folder, kernel @ ..] = &args[..] else {
        return Err("expected SERVER TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE".into());
    };
    let kernel = Tracefs::new(folder, KernelIdentity::parse(kernel)?)?;
    let tool = EVENTS.iter().fold(Tool::new("negotiate", "1.0"), |tool, event| tool.require(event, []));
    let negotiated =
        Client::connect(server)?.negotiate_with(&tool, &kernel, &NegotiateOptions::default().without_cache())?;
    for event in EVENTS {
        let decoder = negotiated.decoder(event)?;
        println!("{event} {} fields", decoder.fields().len());
    }
    Ok(())
}
