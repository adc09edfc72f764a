//! Where files may lie: what we write, below the product's home; what we only read, anywhere but on a winding way.

use super::Spot;
use crate::tree::Collector;

const WRITTEN: &str = "must lie below the product's home: no `/` at its beginning, no `..`";
const READ: &str = "must be absolute or below the product's home, without `..`";
const STAR: &str = "may have * in its last part only";

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    for spot in written(root) {
        if spot.text().is_some_and(|path| path.starts_with('/') || climbs(path)) {
            spot.note(problems, WRITTEN);
        }
    }
    for spot in read(root) {
        let Some(path) = spot.text() else { continue };
        if climbs(path) {
            spot.note(problems, READ);
        } else if path.rsplit_once('/').is_some_and(|(folder, _)| folder.contains('*')) {
            spot.note(problems, STAR);
        }
    }
    if let Some(home) = root.get("product.home")
        && home.text().is_some_and(climbs)
    {
        home.note(problems, "must be absolute or below the estate, without `..`");
    }
    for sign in root.list("detect.files") {
        if sign.text().is_some_and(|path| !path.starts_with(['/', '{']) || climbs(path)) {
            sign.note(problems, "must be absolute, without `..`");
        }
    }
}

fn written<'a>(root: &Spot<'a>) -> Vec<Spot<'a>> {
    let mut spots: Vec<Spot<'_>> = ["lifecycle.pid", "lifecycle.control", "connection.file", "repositories.file"]
        .iter()
        .filter_map(|path| root.get(path))
        .collect();
    spots.extend(root.list("folder"));
    spots.extend(root.list("component").filter_map(|component| component.get("conf")));
    spots.extend(root.list("file").filter_map(|file| file.get("path")));
    for place in root.list("place") {
        spots.extend(place.get("file"));
        spots.extend(place.list("twin").filter_map(|twin| twin.get("file")));
    }
    spots
}

fn read<'a>(root: &Spot<'a>) -> Vec<Spot<'a>> {
    let alone = ["lifecycle.log", "installer.silent", "installer.log"].into_iter().filter_map(|path| root.get(path));
    let logs = root.list("registration.watch").chain(root.list("probe")).filter_map(|table| table.get("log"));
    alone.chain(logs).collect()
}

fn climbs(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}
