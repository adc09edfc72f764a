//! Which characters a place accepts.

use super::Place;
use crate::secret::{ALPHABET, Secret};

impl Place {
    /// Whether a character may stand in this place's secret.
    pub fn allows(&self, character: char) -> bool {
        let mut rest: Vec<char> = self.alphabet.chars().collect();
        while !rest.is_empty() {
            let (from, to, used) = match rest[..] {
                [from, '-', to, ..] => (from, to, 3),
                [one, ..] => (one, one, 1),
                [] => return false,
            };
            if (from..=to).contains(&character) {
                return true;
            }
            rest.drain(..used);
        }
        false
    }

    /// Why this place cannot hold the secret; `None` when it can. The text holds no part of it.
    pub fn refuses(&self, secret: &Secret) -> Option<String> {
        let [least, most] = self.length;
        let it = if self.file.is_empty() { "the product" } else { &self.file };
        if self.is_online() && secret.expose().contains(['\n', '\0']) {
            return Some(format!("{it} is told it as one line, and it has several"));
        }
        let length = secret.expose().chars().count();
        if !(least..=most).contains(&length) {
            return Some(format!("{it} takes {least} to {most} characters"));
        }
        // What lies behind them would neither protect nor be compared: another secret could pass for this one.
        if let Some(counted) = self.significant.filter(|counted| length > *counted) {
            return Some(format!("{it} counts only the first {counted} characters: give a secret of no more"));
        }
        secret
            .expose()
            .chars()
            .any(|character| !self.allows(character))
            .then(|| format!("{it} does not take every character of it"))
    }
}

/// The characters of a generated secret that every one of these places takes.
pub fn common_alphabet(places: &[&Place]) -> String {
    ALPHABET.chars().filter(|character| places.iter().all(|place| place.allows(*character))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(alphabet: &str) -> Place {
        let text = format!(
            "component = \"x\"\nfile = \"conf/x\"\nform = \"plain\"\nalphabet = \"{alphabet}\"\nlength = [3, 8]"
        );
        toml::from_str(&text).expect("a place")
    }

    #[test]
    fn ranges_and_single_characters_are_allowed_and_others_refused() {
        let place = place("a-f_0-9");
        for (text, taken) in [("abc", true), ("a_9", true), ("a-b", false), ("xyz", false), ("ab", false)] {
            assert_eq!(place.refuses(&Secret::new(text.into())).is_none(), taken, "{text}");
        }
    }

    #[test]
    fn a_secret_longer_than_what_counts_of_it_is_refused() {
        let place = Place { significant: Some(4), ..place("a-z") };
        let refused = |text: &str| place.refuses(&Secret::new(text.into()));
        assert_eq!(refused("abcd"), None);
        assert_eq!(
            refused("abcde").as_deref(),
            Some("conf/x counts only the first 4 characters: give a secret of no more")
        );
    }

    #[test]
    fn the_common_alphabet_is_what_all_take() {
        let (one, other) = (place("a-z"), place("x-z0-9"));
        assert_eq!(common_alphabet(&[&one, &other]), "xyz");
    }
}
