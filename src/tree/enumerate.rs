//! Several words in a sentence.

/// "a, b and c".
pub fn enumerate(words: &[&str]) -> String {
    match words {
        [start @ .., last] if !start.is_empty() => format!("{} and {last}", start.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_comes_behind_and() {
        assert_eq!([enumerate(&[]), enumerate(&["a"]), enumerate(&["a", "b", "c"])], ["", "a", "a, b and c"]);
    }
}
