//! Places: a file or a pair of commands or the vendor's tool; what they accept; who has one.

use super::{Spot, components};
use crate::forms::{Form, Format};
use crate::tree::Collector;

/// No place takes more characters than this.
const LONGEST: i64 = 4096;

/// Permissions that a file with a secret must not give: to write, for the group; anything, for all others.
const TOO_OPEN: u32 = 0o137;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let places: Vec<Spot<'_>> = root.list("place").collect();
    for (at, place) in places.iter().enumerate() {
        if place.text_of("form") == Some(Form::Opaque.name()) {
            opaque(place, problems);
        } else if let Some(file) = place.get("file").filter(|file| file.text().is_some()) {
            in_file(place, &file, problems);
        } else {
            online(place, problems);
        }
        if let Some(spot) = place.get("mode") {
            mode(&spot, problems);
        } else if place.has("template") {
            place.note_below(problems, "mode", "is missing: a file that Install lays down needs permissions");
        }
        accepts(place, problems);
        twins(place, problems);
        if same_spot(place).is_some() && places[..at].iter().any(|earlier| same_spot(earlier) == same_spot(place)) {
            place.note(problems, "is the same spot as an earlier place");
        }
    }
    holders(root, &places, problems);
}

/// What only the vendor's tool writes.
fn opaque(place: &Spot<'_>, problems: &mut Collector) {
    for key in ["file", "read", "write", "format", "key", "mode", "template", "twin"] {
        if let Some(spot) = place.get(key).filter(|_| place.has(key)) {
            spot.note(
                problems,
                "is not for the form opaque, which only the vendor's tool reads and writes; take it out",
            );
        }
    }
    if place.text_of("compare") != Some("probe") {
        let rule = "must be probe with the form opaque: what cannot be read cannot be compared";
        match place.get("compare") {
            Some(spot) => spot.note(problems, rule),
            None => place.note_below(problems, "compare", rule),
        }
    }
}

fn in_file(place: &Spot<'_>, file: &Spot<'_>, problems: &mut Collector) {
    for key in ["read", "write"] {
        if place.has(key) {
            file.note(problems, "and commands cannot both be given: a place is a file or a pair of commands");
            break;
        }
    }
    match (place.text_of("format"), place.has("key")) {
        (None, _) if place.get("format").is_none() => {
            place.note_below(problems, "format", "is missing: a file has a format");
        }
        (Some(format), false) if format != Format::Whole.name() => {
            place.note_below(problems, "key", "is missing: it says where in the file the secret stands");
        }
        (Some(format), true) if format == Format::Whole.name() => {
            let rule = "is not for the format whole, where all of the file is the secret; take it out";
            place.get("key").into_iter().for_each(|key| key.note(problems, rule));
        }
        _ => {}
    }
}

fn online(place: &Spot<'_>, problems: &mut Collector) {
    match (place.has("read"), place.has("write")) {
        (true, true) => {}
        // What cannot be read back is asked by a probe.
        (false, true) if place.text_of("compare") == Some("probe") => {}
        (false, false) => place.note(
            problems,
            "has neither file nor commands: give file, format and key, or read and write, or the form opaque",
        ),
        (true, false) => place.note_below(problems, "write", "is missing: a place with read needs it, too"),
        (false, true) => {
            place.note_below(problems, "read", "is missing: a place with write needs it, or compare = \"probe\"");
        }
    }
    for key in ["format", "key", "mode", "template", "twin"] {
        if let Some(spot) = place.get(key).filter(|_| place.has(key) && place.has("write")) {
            spot.note(problems, "is for a place with a file; take it out, or give file");
        }
    }
}

fn mode(spot: &Spot<'_>, problems: &mut Collector) {
    let mode = spot.text().filter(|text| text.len() <= 4).and_then(|text| u32::from_str_radix(text, 8).ok());
    if mode.is_some_and(|mode| mode & TOO_OPEN != 0) {
        spot.note(problems, "is too open for a secret: at most 0640, better 0600");
    }
}

fn accepts(place: &Spot<'_>, problems: &mut Collector) {
    if let Some(alphabet) = place.get("alphabet")
        && alphabet.text().is_some_and(is_backwards)
    {
        alphabet.note(problems, "has a range that runs backwards");
    }
    let Some(length) = place.get("length") else { return };
    let &[Some(least), Some(most)] = &length.items().map(|item| item.node.number()).collect::<Vec<_>>()[..] else {
        return;
    };
    if least > most {
        length.note(problems, "has a least that is more than its most");
    } else if least < 1 || most > LONGEST {
        length.note(problems, format!("must lie between 1 and {LONGEST}"));
    } else if let Some(significant) = place.get("significant")
        && significant.node.number().is_some_and(|significant| significant > most)
    {
        significant.note(problems, "is more than the most that the place takes");
    }
}

fn is_backwards(alphabet: &str) -> bool {
    let mut rest: Vec<char> = alphabet.chars().collect();
    while let [from, '-', to, ..] | [_, from, '-', to, ..] = rest[..]
        && !rest.is_empty()
    {
        if rest[1] == '-' {
            if from > to {
                return true;
            }
            rest.drain(..3);
        } else {
            rest.drain(..1);
        }
    }
    false
}

fn twins(place: &Spot<'_>, problems: &mut Collector) {
    for twin in place.list("twin") {
        let file = twin.text_of("file").or(place.text_of("file"));
        if file == place.text_of("file") && twin.text_of("key").is_some_and(|key| place.text_of("key") == Some(key)) {
            twin.note(problems, "is the place itself: a twin is another spot for the same value");
        }
    }
}

fn same_spot<'a>(place: &Spot<'a>) -> Option<(&'a str, Option<&'a str>)> {
    place.text_of("file").map(|file| (file, place.text_of("key")))
}

/// Who holds the secret has a place, and who has a place holds it. The authority's own place is no component's choice.
fn holders(root: &Spot<'_>, places: &[Spot<'_>], problems: &mut Collector) {
    let is_authority = root.text_of("product.role") == Some("authority");
    let known = components(root);
    // A place whose component is misspelt may be the one that would be missing.
    let all_known = places.iter().all(|place| place.text_of("component").is_some_and(|id| known.contains(&id)));
    for component in root.list("component") {
        let Some(id) = component.text_of("id") else { continue };
        let its_place = places.iter().find(|place| place.text_of("component") == Some(id));
        match (component.get("holds_secret").filter(|spot| spot.node.is_true()), its_place) {
            (Some(holds), None) if all_known => {
                holds.note(problems, "needs a [[place]] of this component, and there is none");
            }
            (None, Some(place)) if !is_authority => {
                let rule = "has a place, so its table needs holds_secret = true";
                place.get("component").into_iter().for_each(|spot| spot.note(problems, rule));
            }
            _ => {}
        }
    }
    if root.text_of("product.secret") == Some("none") {
        for place in places {
            place.note(problems, "cannot be: by product.secret this product has no shared secret");
        }
    }
}
