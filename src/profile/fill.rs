//! Filling in words in braces.

/// Values for the words in braces of a profile's arguments and files.
#[derive(Debug, Clone, Default)]
pub struct Values(Vec<(&'static str, String)>);

impl Values {
    /// Adds a value for `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// Puts every known value into the text; other braces stay as they are.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            filled.push_str(&rest[..start]);
            rest = &rest[start..];
            let known = self
                .0
                .iter()
                .find(|(name, _)| rest[1..].strip_prefix(name).is_some_and(|behind| behind.starts_with('}')));
            if let Some((name, value)) = known {
                filled.push_str(value);
                rest = &rest[name.len() + 2..];
            } else {
                filled.push('{');
                rest = &rest[1..];
            }
        }
        filled.push_str(rest);
        filled
    }

    /// As values that stand for themselves in a pattern.
    #[must_use]
    pub fn in_patterns(self) -> Self {
        Self(self.0.into_iter().map(|(name, value)| (name, regex::escape(&value))).collect())
    }

    /// Fills in each argument by itself, so that a value never becomes two arguments.
    pub fn fill_all(&self, arguments: &[String]) -> Vec<String> {
        arguments.iter().map(|argument| self.fill(argument)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Values;

    #[test]
    fn known_words_are_filled_in_once_and_others_stay() {
        let values = Values::default().with("host", "a{port}b").with("port", "6453");
        assert_eq!(values.fill("{host}:{port} {other} {"), "a{port}b:6453 {other} {");
    }
}
