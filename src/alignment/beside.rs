//! Places compared with each other, where nobody takes proofs: by HMAC under a key of the run.

use super::expected::Spot;
use super::found::Found;
use super::{Level, Verdict};
use crate::profile::Role;

/// Judges what was only marked so far. The authority's own place is the measure: what it uses, else what it has written.
/// Without it all must hold the same.
pub(super) fn compare(spots: &[&Spot], found: &mut [Found]) {
    let places: Vec<Place> = spots
        .iter()
        .zip(&*found)
        .map(|(spot, found)| Place {
            authority: spot.component.product.profile.product.role == Role::Authority,
            running: spot.level == Level::Running,
            refuses: spot.place.is_online() && found.verdict == Verdict::Differs,
            mark: found.mark,
        })
        .collect();
    for (at, judged) in judge(&places).into_iter().enumerate() {
        if let Some(judged) = judged {
            found[at] = Found { warning: found[at].warning.take(), ..judged };
        }
    }
}

/// What matters of a place.
#[derive(Clone, Copy)]
struct Place {
    authority: bool,
    running: bool,
    /// It is asked online and takes nothing that stands elsewhere.
    refuses: bool,
    mark: Option<[u8; 32]>,
}

fn judge(places: &[Place]) -> Vec<Option<Found>> {
    let marked = || places.iter().filter_map(|place| place.mark);
    let of_authority = |running: bool| {
        places.iter().position(|place| place.authority && place.running == running && place.mark.is_some())
    };
    let measure = of_authority(true).or_else(|| of_authority(false));
    let refused = places.iter().any(|place| place.refuses);
    let all_same = marked().all(|mark| Some(mark) == marked().next());
    let judge = |at: usize, mark: [u8; 32]| match measure {
        _ if refused && measure.is_none_or(|measure| !places[measure].running) => {
            Found::differs("a product that runs here refuses it")
        }
        Some(measure) if measure == at => Found::told("what the others are measured by"),
        Some(measure) if places[measure].mark == Some(mark) => Found::told("the same as the authority's"),
        Some(_) => Found::differs("the authority has another one"),
        None if marked().count() == 1 => {
            Found::cannot_tell("no other place here can be read, so it is compared with nothing")
        }
        None if all_same => Found::told(format!("the same in all {} places that can be read", marked().count())),
        None => Found::differs("other places hold another one"),
    };
    places.iter().enumerate().map(|(at, place)| place.mark.map(|mark| judge(at, mark))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places as a line: `A` the authority's running one, `a` its file, `r` another running one, `f` another file, `!` one
    /// that refuses; each with what it holds.
    fn verdicts(line: &str) -> Vec<Verdict> {
        let place = |word: &str| {
            let mut letters = word.bytes();
            let kind = letters.next().unwrap_or_default();
            Place {
                authority: kind.eq_ignore_ascii_case(&b'a'),
                running: [b'A', b'r', b'!'].contains(&kind),
                refuses: kind == b'!',
                mark: letters.next().map(|byte| [byte; 32]),
            }
        };
        let judged = judge(&line.split(' ').map(place).collect::<Vec<_>>());
        judged.into_iter().flatten().map(|found| found.verdict).collect()
    }

    #[test]
    fn the_authority_is_the_measure_and_without_it_all_must_be_the_same() {
        use Verdict::{Aligned, CannotTell, Differs};
        for (line, expected) in [
            ("A1 a1 f1", vec![Aligned, Aligned, Aligned]),
            ("A2 a1 f2", vec![Aligned, Differs, Aligned]),
            ("a1 f1 f2", vec![Aligned, Aligned, Differs]),
            ("f1 r1", vec![Aligned, Aligned]),
            ("f1 f2 r1", vec![Differs, Differs, Differs]),
            ("f1", vec![CannotTell]),
            ("! f1 f1", vec![Differs, Differs]),
            ("! a1 f1", vec![Differs, Differs]),
            ("A1 ! f1", vec![Aligned, Aligned]),
        ] {
            assert_eq!(verdicts(line), expected, "{line}");
        }
    }
}
