//! The report of `verify` for people.

use super::table::Table;
use super::wrap::plain;
use super::{counted, mark};
use crate::verify::{ProbeResult, Report, Verdict};

/// One row a probe, then how it ended.
pub fn text(report: &Report) -> String {
    let mut table = Table::new(["verdict", "probe", "time", "detail"], 3);
    for probe in &report.probes {
        table.row([mark::probe(probe.verdict), probe.id.clone(), format!("{:>5} ms", probe.ms), probe.detail.clone()]);
    }
    format!("{}\n{}\n", table.text(), closing(report))
}

/// One probe on a line of its own, for progress.
pub fn line(probe: &ProbeResult) -> String {
    let reason = if probe.verdict == Verdict::Ok { String::new() } else { format!(": {}", probe.detail) };
    plain(format!("{} {}{reason}", mark::probe(probe.verdict), probe.id))
}

fn closing(report: &Report) -> String {
    let count = |verdict| report.probes.iter().filter(|probe| probe.verdict == verdict).count();
    let asked = report.probes.len() - count(Verdict::NotAsked);
    let mut parts = vec![format!("{} of {} ok", count(Verdict::Ok), counted(asked, "probe", "probes"))];
    for verdict in [Verdict::Failed, Verdict::CannotTell, Verdict::NotAsked] {
        if count(verdict) > 0 {
            parts.push(format!("{} {verdict}", count(verdict)));
        }
    }
    let pending = if report.pending { "\na registration is pending at the authority" } else { "" };
    format!("{}{pending}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(id: &str, verdict: Verdict, ms: u64, detail: &str) -> ProbeResult {
        ProbeResult { id: id.into(), verdict, ms, detail: detail.into() }
    }

    #[test]
    fn every_probe_has_its_row_and_the_last_line_sums_up() {
        let probes = vec![
            probe("passport-https", Verdict::Ok, 12, "passport 0.1.0 answers on 6453"),
            probe("passport-login-system", Verdict::NotAsked, 0, "conf/system.pass is gone"),
            probe("b2bi-document", Verdict::Failed, 1204, "the document was rejected: there is no map verification"),
        ];
        let expected = "\
verdict      probe                  time      detail
✓ ok         passport-https            12 ms  passport 0.1.0 answers on 6453
– not asked  passport-login-system      0 ms  conf/system.pass is gone
✗ failed     b2bi-document           1204 ms  the document was rejected: there
                                              is no map verification

1 of 2 probes ok, 1 failed, 1 not asked
a registration is pending at the authority
";
        assert_eq!(text(&Report { ok: false, probes, pending: true }), expected);
    }

    #[test]
    fn progress_tells_why_only_where_something_is_wrong() {
        assert_eq!(line(&probe("a", Verdict::Ok, 1, "fine")), "✓ ok a");
        assert_eq!(line(&probe("a", Verdict::CannotTell, 1, "late")), "? can't tell a: late");
    }
}
