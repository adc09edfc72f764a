//! Where secrets lie: in pages that the system keeps in memory, so that none reaches a swap device.

use std::sync::{Mutex, PoisonError};

use zeroize::Zeroize;

use super::MAX_LENGTH;

/// Bytes of a page; where the system's are larger, the neighbours are locked too.
const PAGE: usize = 4096;
/// Pages taken at once. A process without privileges may lock as little as 64 KiB.
const PAGES: usize = 4;

/// Rooms that nobody uses now, zeroed.
///
/// Their pages are never unlocked nor given back, since locks do not count: who unlocked a page for one secret would
/// unlock it for its neighbours. So we keep as many as were needed at once.
static FREE: Mutex<Vec<&'static mut [u8]>> = Mutex::new(Vec::new());

#[repr(align(4096))]
struct Page([u8; PAGE]);

/// Bytes that are wiped when they are dropped.
pub enum Held {
    /// In a locked page, if the system let us lock it.
    Locked {
        /// [`MAX_LENGTH`] bytes.
        room: &'static mut [u8],
        /// How many of them count.
        length: usize,
    },
    /// Longer than any secret that we accept: on the heap.
    Long(Vec<u8>),
}

impl Held {
    /// With a copy of these bytes.
    pub fn copy_of(bytes: &[u8]) -> Self {
        let length = bytes.len();
        if length > MAX_LENGTH {
            return Self::Long(bytes.to_vec());
        }
        let room = free_room();
        room[..length].copy_from_slice(bytes);
        Self::Locked { room, length }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Locked { room, length } => &room[..*length],
            Self::Long(bytes) => bytes,
        }
    }
}

impl Zeroize for Held {
    fn zeroize(&mut self) {
        match self {
            Self::Locked { room, length } => {
                room[..*length].zeroize();
                *length = 0;
            }
            Self::Long(bytes) => bytes.zeroize(),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.zeroize();
        if let Self::Locked { room, .. } = self {
            FREE.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(room));
        }
    }
}

fn free_room() -> &'static mut [u8] {
    let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(room) = free.pop() {
            return room;
        }
        let pages: &'static mut [Page] = Box::leak(Box::new([const { Page([0; PAGE]) }; PAGES]));
        // A system that refuses is left as it is: the secret is then only less guarded.
        if let Ok(guard) = region::lock(pages.as_ptr(), size_of_val(pages)) {
            std::mem::forget(guard);
        }
        free.extend(pages.iter_mut().flat_map(|page| page.0.chunks_exact_mut(MAX_LENGTH)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many KiB the system keeps locked in the mapping that an address lies in.
    fn locked_around(address: usize) -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").expect("readable");
        let mut inside = false;
        for line in maps.lines() {
            let range = line.split_once(' ').and_then(|(range, _)| range.split_once('-'));
            let ends = range.map(|(from, to)| [from, to].map(|end| usize::from_str_radix(end, 16)));
            if let Some([Ok(from), Ok(to)]) = ends {
                inside = (from..to).contains(&address);
            }
            if let Some(locked) = line.strip_prefix("Locked:").filter(|_| inside) {
                return locked.trim().trim_end_matches(" kB").parse().expect("a number");
            }
        }
        panic!("{address:x} is in no mapping");
    }

    #[test]
    fn what_is_held_lies_in_a_locked_page_and_stays_locked_when_a_neighbour_goes() {
        let held = Held::copy_of(b"correct horse");
        let neighbours: Vec<_> = (0..2 * PAGES).map(|_| Held::copy_of(b"battery staple")).collect();
        drop(neighbours);
        assert_eq!(held.bytes(), b"correct horse");
        assert!(locked_around(held.bytes().as_ptr().addr()) >= 4);
    }

    #[test]
    fn a_room_is_used_again_and_holds_nothing_of_what_was_there() {
        let first = Held::copy_of(&[0x5a; MAX_LENGTH]);
        let place = first.bytes().as_ptr();
        drop(first);
        let free = FREE.lock().expect("free rooms");
        assert!(free.iter().all(|room| room.iter().all(|byte| *byte == 0)));
        assert!(free.iter().any(|room| std::ptr::eq(room.as_ptr(), place)));
    }

    #[test]
    fn what_is_longer_is_held_too() {
        assert_eq!(Held::copy_of(&[1; MAX_LENGTH + 1]).bytes(), [1; MAX_LENGTH + 1]);
    }
}
