//! How hard a typed secret is to guess, in words.

use std::collections::HashSet;

/// A verdict on a typed secret. It never depends on anything but the secret itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Found within minutes by trying.
    Weak,
    /// Holds against guessing over the network.
    Fair,
    /// Holds against anyone who can compute.
    Strong,
}

impl Strength {
    /// The word a person reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        }
    }
}

/// Estimates a secret by its length, the kinds of characters in it and how often they repeat, and says why.
pub fn strength(text: &str) -> (Strength, &'static str) {
    let length = text.chars().count();
    let distinct = text.chars().collect::<HashSet<_>>().len();
    let pool: u32 = [
        (text.chars().any(|c| c.is_ascii_lowercase()), 26),
        (text.chars().any(|c| c.is_ascii_uppercase()), 26),
        (text.chars().any(|c| c.is_ascii_digit()), 10),
        (text.chars().any(|c| !c.is_ascii_alphanumeric()), 32),
    ]
    .iter()
    .filter(|(present, _)| *present)
    .map(|(_, size)| size)
    .sum();
    // Repeated characters add little: count no more than twice the distinct ones.
    let counted = length.min(distinct * 2);
    let bits = f64::from(u32::try_from(counted).unwrap_or(u32::MAX)) * f64::from(pool.max(1)).log2();
    if length < 12 {
        (Strength::Weak, "shorter than 12 characters")
    } else if distinct < 6 {
        (Strength::Weak, "few different characters")
    } else if bits < 60.0 {
        (Strength::Weak, "easy to try out")
    } else if bits < 100.0 {
        (Strength::Fair, "longer or more varied is better")
    } else {
        (Strength::Strong, "long and varied")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_length_and_variety() {
        assert_eq!(strength("short").0, Strength::Weak);
        assert_eq!(strength("aaaaaaaaaaaaaaaaaaaaaaaa").0, Strength::Weak);
        assert_eq!(strength("correcthorsebat").0, Strength::Fair);
        assert_eq!(strength("q8Zr2LxW0aTn5VbK7mYc").0, Strength::Strong);
    }
}
