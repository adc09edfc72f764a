//! Making secrets and passwords from an alphabet that every place accepts.

use rand::RngExt;
use zeroize::Zeroizing;

use super::Secret;

/// Letters and digits: the only characters that every product measured takes everywhere.
pub const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Length of a generated secret, in characters (over 190 bits from [`ALPHABET`]).
pub const GENERATED_LENGTH: usize = 32;

/// Makes a shared secret from the characters of `alphabet`.
///
/// `None` when the alphabet is so small that [`GENERATED_LENGTH`] characters would hold less than 128 bits.
pub fn generate(alphabet: &str) -> Option<Secret> {
    let characters: Vec<char> = alphabet.chars().collect();
    // 2^(128/32) = 16 different characters are the least for 128 bits.
    (characters.len() >= 16).then(|| draw(&characters))
}

/// Makes a password (of a keystore, of the user `system`): as strong as a generated secret.
pub fn generate_password() -> Secret {
    draw(&ALPHABET.chars().collect::<Vec<_>>())
}

fn draw(characters: &[char]) -> Secret {
    let mut rng = rand::rng();
    let mut text = Zeroizing::new(String::with_capacity(GENERATED_LENGTH * 4));
    for _ in 0..GENERATED_LENGTH {
        text.push(characters[rng.random_range(0..characters.len())]);
    }
    Secret::new(std::mem::take(&mut *text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_secrets_differ_and_keep_to_the_alphabet() {
        let a = generate("0123456789abcdef").expect("16 characters are enough");
        let b = generate("0123456789abcdef").expect("16 characters are enough");
        assert_eq!(a.expose().len(), GENERATED_LENGTH);
        assert!(a.expose().chars().all(|c| c.is_ascii_hexdigit()));
        assert!(!a.same_as(&b));
    }

    #[test]
    fn a_small_alphabet_is_refused() {
        assert!(generate("0123456789").is_none());
    }
}
