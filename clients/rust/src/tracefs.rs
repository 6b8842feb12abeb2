//! Where formats come from.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::v1::{ByteOrder, KernelIdentity, WordSize};

/// The longest format that is read, in bytes. Kernels of 2025 write 40 KiB at most.
const MAX_FORMAT_BYTES: u64 = 1 << 20;

/// A kernel as a tool sees it.
pub trait KernelFormats {
    /// What the kernel says of itself.
    fn identity(&self) -> &KernelIdentity;

    /// The format file of an event, `system/name`, byte for byte; none if the kernel does not have the event.
    ///
    /// # Errors
    ///
    /// If it is there and cannot be read.
    fn format(&self, event: &str) -> io::Result<Option<Bytes>>;
}

/// Formats that the caller has at hand.
#[derive(Clone, Debug)]
pub struct Formats {
    identity: KernelIdentity,
    texts: HashMap<String, Bytes>,
}

impl Formats {
    /// The format files of some events, by `system/name`.
    pub fn new<E, T>(identity: KernelIdentity, texts: impl IntoIterator<Item = (E, T)>) -> Self
    where
        E: Into<String>,
        T: Into<Bytes>,
    {
        let texts = texts.into_iter().map(|(event, text)| (event.into(), text.into())).collect();
        Self { identity, texts }
    }
}

impl KernelFormats for Formats {
    fn identity(&self) -> &KernelIdentity {
        &self.identity
    }

    fn format(&self, event: &str) -> io::Result<Option<Bytes>> {
        Ok(self.texts.get(event).cloned())
    }
}

/// The formats of a tracefs. Only those are read that are asked for: a kernel has thousands, and a tool needs a few.
#[derive(Clone, Debug)]
pub struct Tracefs {
    events: PathBuf,
    identity: KernelIdentity,
}

impl Tracefs {
    /// That of the running kernel: `/sys/kernel/tracing`, or `/sys/kernel/debug/tracing`.
    ///
    /// # Errors
    ///
    /// If neither can be read; the error says what to do.
    pub fn of_running_kernel() -> io::Result<Self> {
        for place in ["/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events"] {
            if fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_some()) {
                return Self::of_running_kernel_at(place);
            }
        }
        Err(io::Error::other(
            "/sys/kernel/tracing/events is not there or not readable; run as root, and if there is no events folder, mount it: \
             mount -t tracefs nodev /sys/kernel/tracing",
        ))
    }

    /// The running kernel's, mounted elsewhere; or its `events`.
    ///
    /// # Errors
    ///
    /// If there is no such folder, or `/proc` cannot be read.
    pub fn of_running_kernel_at(folder: impl AsRef<Path>) -> io::Result<Self> {
        let events = events(folder.as_ref())?;
        let identity = running_kernel(&events)?;
        Ok(Self { events, identity })
    }

    /// A folder with the formats of any kernel: a tracefs or a copy of one, or its `events`.
    ///
    /// # Errors
    ///
    /// If there is no such folder.
    pub fn new(folder: impl AsRef<Path>, identity: KernelIdentity) -> io::Result<Self> {
        Ok(Self { events: events(folder.as_ref())?, identity })
    }

    /// The names of all events, sorted.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn events(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for system in fs::read_dir(&self.events)? {
            let system = system?;
            if !system.file_type()?.is_dir() {
                continue;
            }
            for event in fs::read_dir(system.path())? {
                let event = event?;
                if event.path().join("format").is_file() {
                    names.push(format!("{}/{}", name(&system)?, name(&event)?));
                }
            }
        }
        names.sort();
        Ok(names)
    }
}

impl KernelFormats for Tracefs {
    fn identity(&self) -> &KernelIdentity {
        &self.identity
    }

    fn format(&self, event: &str) -> io::Result<Option<Bytes>> {
        let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('/');
        let place = match event.split_once('/') {
            Some((system, name)) if is_name(system) && is_name(name) => self.events.join(event).join("format"),
            _ => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    format!("expected system/name but found {event:?}"),
                ));
            }
        };
        let with_place = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", place.display()));
        let file = match File::open(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(with_place)?,
        };
        // Why no size first: a tracefs file has none.
        let text = content(file, MAX_FORMAT_BYTES + 1).map_err(with_place)?;
        if text.len() as u64 > MAX_FORMAT_BYTES {
            return Err(with_place(io::Error::other(format!("has more than {MAX_FORMAT_BYTES} bytes"))));
        }
        Ok(Some(text.into()))
    }
}

/// Words that are no kernel's identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityError(String);

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for IdentityError {}

impl KernelIdentity {
    /// What a kernel says of itself, in six words: `6.12.117+deb13-amd64`, `#1 SMP ...`, `x86_64`, `64`, `little`, `4096`.
    ///
    /// # Errors
    ///
    /// If there are not six, the word size is not 32 or 64, the order not `little` or `big`, or the page size no number.
    pub fn parse(words: &[impl AsRef<str>]) -> Result<Self, IdentityError> {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let [release, build, machine, bits, order, page_size] = words[..] else {
            return Err(IdentityError(format!(
                "expected RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE but found {} words",
                words.len()
            )));
        };
        let word_size = match bits {
            "32" => WordSize::WordSize32,
            "64" => WordSize::WordSize64,
            _ => return Err(IdentityError(format!("expected 32 or 64 bits but found {bits:?}"))),
        };
        let byte_order = match order {
            "little" => ByteOrder::LittleEndian,
            "big" => ByteOrder::BigEndian,
            _ => return Err(IdentityError(format!("expected the order little or big but found {order:?}"))),
        };
        Ok(Self {
            release: release.to_owned(),
            build: build.to_owned(),
            machine: machine.to_owned(),
            word_size: word_size.into(),
            byte_order: byte_order.into(),
            page_size: page_size
                .parse()
                .map_err(|_| IdentityError(format!("expected a page size but found {page_size:?}")))?,
        })
    }
}

fn events(folder: &Path) -> io::Result<PathBuf> {
    let events = folder.join("events");
    if events.is_dir() {
        return Ok(events);
    }
    if folder.is_dir() {
        return Ok(folder.to_owned());
    }
    Err(io::Error::new(io::ErrorKind::NotADirectory, format!("{} is no folder", folder.display())))
}

fn name(entry: &fs::DirEntry) -> io::Result<String> {
    entry.file_name().into_string().map_err(|name| io::Error::other(format!("{name:?} is no event's name")))
}

fn content(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.take(most).read_to_end(&mut content)?;
    Ok(content)
}

/// `events` has `header_page`, which tells the word size.
fn running_kernel(events: &Path) -> io::Result<KernelIdentity> {
    let line = |file: &str| -> io::Result<String> {
        let place = Path::new("/proc/sys/kernel").join(file);
        let text = fs::read_to_string(&place)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", place.display())))?;
        Ok(text.trim().to_owned())
    };
    let wide = match fs::read_to_string(events.join("header_page")) {
        Ok(header) => commit_size(&header).map(|size| size == 8),
        Err(_) => None,
    };
    let is_wide = wide.unwrap_or(cfg!(target_pointer_width = "64"));
    Ok(KernelIdentity {
        release: line("osrelease")?,
        build: line("version")?,
        // /proc/sys/kernel/arch is there since Linux 6.1.
        machine: line("arch").unwrap_or_else(|_| std::env::consts::ARCH.to_owned()),
        word_size: if is_wide { WordSize::WordSize64 } else { WordSize::WordSize32 }.into(),
        byte_order: if cfg!(target_endian = "big") { ByteOrder::BigEndian } else { ByteOrder::LittleEndian }.into(),
        page_size: page_size(),
    })
}

/// The size of `commit`, a `local_t`, which is a long of the kernel (kernel/trace/ring_buffer.c). This program's own may be
/// shorter.
fn commit_size(header_page: &str) -> Option<u32> {
    let line = header_page.lines().find(|line| line.contains(" commit;"))?;
    let (_, size) = line.split_once("size:")?;
    size.split(';').next()?.trim().parse().ok().filter(|size| matches!(size, 4 | 8))
}

/// From the auxiliary vector.
fn page_size() -> u32 {
    const AT_PAGESZ: usize = 6;
    const WORD: usize = size_of::<usize>();
    let auxv = fs::read("/proc/self/auxv").unwrap_or_default();
    let word = |bytes: &[u8]| bytes.first_chunk().copied().map(usize::from_ne_bytes);
    auxv.chunks_exact(2 * WORD)
        .find(|pair| word(pair) == Some(AT_PAGESZ))
        .and_then(|pair| word(&pair[WORD..]))
        .and_then(|size| size.try_into().ok())
        .unwrap_or(4096)
}
