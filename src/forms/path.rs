//! Keys as paths: parts with `/` between them, `~1` for a `/` within a part and `~0` for a `~` (as in RFC 6901).

/// The parts of a path.
pub(super) fn parts(key: &str) -> Vec<String> {
    key.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

/// The path's last part: the name under which the value stands.
pub(super) fn last(key: &str) -> String {
    parts(key).pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_may_hold_every_character() {
        assert_eq!(parts("a/b c/0"), ["a", "b c", "0"]);
        assert_eq!(parts("~1etc~1x/~0~01"), ["/etc/x", "~~1"]);
        assert_eq!(last("~1etc~1x"), "/etc/x");
    }
}
