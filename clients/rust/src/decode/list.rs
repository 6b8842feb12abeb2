//! Integers in a record's bytes.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;

/// How integers lie in memory: how long each is, and in which order its bytes are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    width: Width,
    big_endian: bool,
}

#[derive(Clone, Copy, Debug)]
enum Width {
    One,
    Two,
    Four,
    Eight,
}

impl Words {
    pub(super) const BYTES: Self = Self { width: Width::One, big_endian: false };

    /// None if integers do not have that size.
    #[inline]
    pub(super) fn new(size: u32, big_endian: bool) -> Option<Self> {
        let width = match size {
            1 => Width::One,
            2 => Width::Two,
            4 => Width::Four,
            8 => Width::Eight,
            _ => return None,
        };
        Some(Self { width, big_endian })
    }

    #[inline]
    pub(super) fn size(self) -> usize {
        match self.width {
            Width::One => 1,
            Width::Two => 2,
            Width::Four => 4,
            Width::Eight => 8,
        }
    }

    /// The integer at the beginning of `bytes`, extended to 64 bits.
    #[inline]
    pub(super) fn first(self, bytes: &[u8], signed: bool) -> Option<u64> {
        macro_rules! extended {
            ($unsigned:ty) => {{
                let raw = *bytes.first_chunk()?;
                let value =
                    if self.big_endian { <$unsigned>::from_be_bytes(raw) } else { <$unsigned>::from_le_bytes(raw) };
                if signed { i64::from(value.cast_signed()).cast_unsigned() } else { u64::from(value) }
            }};
        }
        Some(match self.width {
            Width::One => extended!(u8),
            Width::Two => extended!(u16),
            Width::Four => extended!(u32),
            Width::Eight => extended!(u64),
        })
    }
}

/// Integers of a record, read where they lie.
///
/// `T` is `i64` or `u64`, whatever the integers' size in the record is.
#[derive(Clone, Copy)]
pub struct List<'a, T> {
    bytes: &'a [u8],
    words: Words,
    // How many words make an item: several for a bitmask of short words.
    words_of_item: usize,
    item: PhantomData<T>,
}

/// What a [`List`] is made of: `i64` or `u64`.
pub trait Integer: Copy + fmt::Debug + fmt::Display + private::Sealed {}

mod private {
    pub trait Sealed {
        const SIGNED: bool;
        fn of_bits(bits: u64) -> Self;
    }

    impl Sealed for i64 {
        const SIGNED: bool = true;
        fn of_bits(bits: u64) -> Self {
            bits.cast_signed()
        }
    }

    impl Sealed for u64 {
        const SIGNED: bool = false;
        fn of_bits(bits: u64) -> Self {
            bits
        }
    }
}

impl Integer for i64 {}
impl Integer for u64 {}

impl<'a, T: Integer> List<'a, T> {
    pub(super) fn of_integers(bytes: &'a [u8], words: Words) -> Self {
        Self::new(bytes, words, 1)
    }

    pub(super) fn of_bitmask(bytes: &'a [u8], words: Words) -> Self {
        Self::new(bytes, words, 8 / words.size())
    }

    fn new(bytes: &'a [u8], words: Words, words_of_item: usize) -> Self {
        let whole = bytes.len() - bytes.len() % words.size();
        Self { bytes: &bytes[..whole], words, words_of_item, item: PhantomData }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len().div_ceil(self.words.size() * self.words_of_item)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The integer at a place, from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T> {
        let size = self.words.size();
        let begin = index.checked_mul(size * self.words_of_item)?;
        let bytes = self.bytes.get(begin..).filter(|bytes| !bytes.is_empty())?;
        let mut bits = self.words.first(bytes, T::SIGNED)?;
        for (place, word) in bytes.chunks_exact(size).enumerate().take(self.words_of_item).skip(1) {
            bits |= self.words.first(word, false)? << (place * size * 8);
        }
        Some(T::of_bits(bits))
    }

    /// One after the other.
    #[must_use]
    pub fn iter(&self) -> ListIter<'a, T> {
        ListIter { list: *self, next: 0 }
    }
}

impl<'a, T: Integer> IntoIterator for List<'a, T> {
    type Item = T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> ListIter<'a, T> {
        self.iter()
    }
}

impl<T: Integer> fmt::Debug for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The integers of a [`List`].
#[derive(Clone, Debug)]
pub struct ListIter<'a, T: Integer> {
    list: List<'a, T>,
    next: usize,
}

impl<T: Integer> Iterator for ListIter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let item = self.list.get(self.next)?;
        self.next += 1;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.list.len() - self.next;
        (left, Some(left))
    }
}

impl<T: Integer> ExactSizeIterator for ListIter<'_, T> {}
impl<T: Integer> FusedIterator for ListIter<'_, T> {}
