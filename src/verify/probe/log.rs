//! `log`: the last line of a log that says anything of it.

use std::path::Path;

use super::Finding;
use crate::logfile::{Patterns, Said, last};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    let (probe, values) = (target.probe, target.values());
    let in_patterns = values.clone().in_patterns();
    let lists = Patterns::new(&in_patterns.fill_all(&probe.aligned), &in_patterns.fill_all(&probe.differs), &[]);
    let patterns = match lists {
        Ok(patterns) => patterns,
        Err(error) => return Finding::cannot_tell(error.to_string()),
    };
    let path = target.product.home.join(values.fill(&probe.log));
    let encoding = probe.encoding.as_str();
    let read = tokio::task::spawn_blocking(move || look(&path, encoding, &patterns));
    read.await.unwrap_or_else(|_| Finding::cannot_tell("reading its log ended before an answer"))
}

fn look(path: &Path, encoding: &str, patterns: &Patterns) -> Finding {
    match last(path, encoding, patterns) {
        Ok(Some(Said::Aligned(line))) => Finding::ok(format!("its log says: {line}")),
        Ok(Some(Said::Differs(line))) => Finding::failed(format!("its log says: {line}")),
        Ok(_) => Finding::cannot_tell(format!("{} says nothing of it", path.display())),
        Err(error) => Finding::cannot_tell(format!("{} cannot be read: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Verdict;

    #[test]
    fn the_last_line_that_says_anything_counts() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("te.log");
        let list = |text: &str| vec![text.to_owned()];
        let patterns = Patterns::new(&list("maps? deployed"), &list("not deployed"), &[]).expect("patterns");
        assert_eq!(look(&path, "utf-8", &patterns).verdict, Verdict::CannotTell);
        for (text, verdict) in [
            ("06:00:00 begun\n", Verdict::CannotTell),
            ("06:00:00 3 maps deployed\n06:00:01 on\n", Verdict::Ok),
            ("06:00:00 3 maps\n   deployed\n06:00:01 map x not deployed\n", Verdict::Failed),
        ] {
            std::fs::write(&path, text).expect("written");
            assert_eq!(look(&path, "utf-8", &patterns).verdict, verdict, "{text}");
            std::fs::write(&path, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).expect("written");
            assert_eq!(look(&path, "utf-16", &patterns).verdict, verdict, "{text}");
        }
    }
}
