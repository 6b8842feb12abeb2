//! Answers as files, one for each question, under the question's hash.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use prost::Message;
use sha2::{Digest, Sha256};

use crate::v1::NegotiateResponse;

/// A file: this, the milliseconds since 1970 in 8 bytes, the SHA-256 of both and the answer, the answer.
const MAGIC: &[u8] = b"tracery-answer 1\n";
const HASH_BYTES: usize = 32;
const HEAD_BYTES: usize = MAGIC.len() + 8 + HASH_BYTES;
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Tells apart what one process writes at the same time.
static PARTS: AtomicU64 = AtomicU64::new(0);

/// Any number of processes may use the folder: a file is whole or not there. What goes wrong with it costs the answer and
/// nothing else; a tool must start where it cannot write.
pub(crate) struct Cache<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) max_bytes: u64,
}

/// An answer with the time at which the registry gave it.
pub(crate) struct Kept {
    pub(crate) time: SystemTime,
    pub(crate) answer: NegotiateResponse,
}

/// `$XDG_CACHE_HOME/tracery/negotiations`, or under `~/.cache`.
pub(crate) fn default_folder() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    // The XDG base directory specification ignores relative paths.
    let caches = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(caches.join("tracery/negotiations"))
}

impl Cache<'_> {
    /// The answer to a question. A damaged file is removed.
    pub(crate) fn get(&self, question: &str) -> Option<Kept> {
        let place = self.place(question);
        match self.read(&place) {
            Ok(kept) => kept,
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!("cannot read {}: {error}", place.display());
                None
            }
        }
    }

    /// Keeps an answer, and drops what was not used for longest where there is too much.
    /// `answer` is serialized, as it came: what is kept must not lose what this version does not know.
    pub(crate) fn put(&self, question: &str, time: SystemTime, answer: &[u8]) {
        if let Err(error) = self.write(question, &serialize(time, answer)) {
            tracing::warn!(
                "cannot keep the registry's answer in {}; without it the tool does not start while the registry cannot be reached: {error}",
                self.folder.display()
            );
        }
    }

    fn place(&self, question: &str) -> PathBuf {
        self.folder.join(format!("{question}.answer"))
    }

    fn read(&self, place: &Path) -> io::Result<Option<Kept>> {
        check_owner(self.folder)?;
        if place.is_symlink() {
            return Err(io::Error::other("is a symbolic link"));
        }
        let file = File::open(place)?;
        let mut content = Vec::new();
        (&file).take(self.max_bytes.saturating_add(1)).read_to_end(&mut content)?;
        let kept = parse(&content);
        if kept.is_some() {
            // Why no error: where it cannot be written to, it is not the cache's to bound either.
            let _ = file.set_modified(SystemTime::now());
        } else {
            tracing::warn!("{} is damaged and was removed", place.display());
            fs::remove_file(place)?;
        }
        Ok(kept)
    }

    fn write(&self, question: &str, content: &[u8]) -> io::Result<()> {
        if content.len() as u64 > self.max_bytes {
            return Ok(());
        }
        make_folder(self.folder)?;
        check_owner(self.folder)?;
        let number = PARTS.fetch_add(1, Ordering::Relaxed);
        let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        let part = self.folder.join(format!("{question}-{}-{nanos}-{number}.part", std::process::id()));
        let written = write_new(&part, content).and_then(|()| fs::rename(&part, self.place(question)));
        if written.is_err() {
            let _ = fs::remove_file(&part);
        }
        written?;
        self.trim()
    }

    fn trim(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.folder)? {
            let path = entry?.path();
            let is_part = path.extension().is_some_and(|extension| extension == "part");
            let is_answer = path.extension().is_some_and(|extension| extension == "answer");
            // Why no error: another process has removed it.
            if let Ok(metadata) = path.symlink_metadata()
                && (is_part || is_answer)
            {
                files.push((metadata.modified()?, metadata.len(), is_part, path));
            }
        }
        files.sort();
        let mut bytes: u64 = files.iter().map(|(_, bytes, ..)| bytes).sum();
        for (used, length, is_part, path) in files {
            let goes = if is_part { used.elapsed().is_ok_and(|age| age > ABANDONED) } else { bytes > self.max_bytes };
            if goes {
                let _ = fs::remove_file(path);
                bytes -= length;
            }
        }
        Ok(())
    }
}

fn serialize(time: SystemTime, answer: &[u8]) -> Vec<u8> {
    let moment = millis(time).to_be_bytes();
    let mut content = Vec::with_capacity(HEAD_BYTES + answer.len());
    content.extend_from_slice(MAGIC);
    content.extend_from_slice(&moment);
    content.extend_from_slice(&hash(&moment, answer));
    content.extend_from_slice(answer);
    content
}

/// None if anything about it is not as it was written.
fn parse(content: &[u8]) -> Option<Kept> {
    let rest = content.strip_prefix(MAGIC)?;
    let (moment, rest) = rest.split_first_chunk::<8>()?;
    let (written, answer) = rest.split_first_chunk::<HASH_BYTES>()?;
    if *written != hash(moment, answer) {
        return None;
    }
    Some(Kept { time: time(i64::from_be_bytes(*moment))?, answer: NegotiateResponse::decode(answer).ok()? })
}

/// Milliseconds since 1970; before it they are negative.
fn millis(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis),
    }
}

fn time(millis: i64) -> Option<SystemTime> {
    let distance = Duration::from_millis(millis.unsigned_abs());
    if millis < 0 { SystemTime::UNIX_EPOCH.checked_sub(distance) } else { SystemTime::UNIX_EPOCH.checked_add(distance) }
}

fn hash(moment: &[u8], answer: &[u8]) -> [u8; HASH_BYTES] {
    Sha256::new().chain_update(moment).chain_update(answer).finalize().into()
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

fn write_new(place: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place)?.write_all(content)
}

/// Refuses a folder into which others write: they would tell the tool how to read the kernel.
#[cfg(unix)]
fn check_owner(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let metadata = folder.symlink_metadata()?;
    if !metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, format!("{} is no folder", folder.display())));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(io::Error::other(format!("{} can be written to by others; chmod 700 it", folder.display())));
    }
    // The owner of /proc/self is the effective user of this process (proc(5)).
    if let Ok(this) = fs::metadata("/proc/self")
        && this.uid() != metadata.uid()
    {
        return Err(io::Error::other(format!(
            "{} belongs to user {}; use a folder of your own",
            folder.display(),
            metadata.uid()
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_owner(_: &Path) -> io::Result<()> {
    Ok(())
}
