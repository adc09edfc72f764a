//! What holds for every shape: a value written is read, nothing else changes, and nothing makes it panic.

mod samples;

use proptest::prelude::*;

use super::{Form, FormError, Format, MASK, Shape, text};
use crate::secret::Secret;
use samples::{File, any_file, any_secret, awkward, key, sample, shapes, soup};

fn secret(text: &str) -> Secret {
    Secret::new(text.into())
}

/// Whether a secret is written and read back with nothing else changed, or refused for what it is.
fn check_everywhere(shape: Shape, value: &str, (before, old, after): &File) -> Result<(), TestCaseError> {
    let text = [before.as_str(), old, after].concat();
    let written = match shape.write(text.as_bytes(), key(shape.format), &secret(value)) {
        Err(FormError::Value { .. }) if may_be_refused(shape, value) => return Ok(()),
        written => written.map_err(|error| TestCaseError::fail(format!("{shape:?} {error}: {text:?}")))?,
    };
    let shown = String::from_utf8_lossy(&written).into_owned();
    prop_assert!(written.starts_with(before.as_bytes()), "{:?} from {:?}", shown, text);
    prop_assert!(written.ends_with(after.as_bytes()), "{:?} from {:?}", shown, text);
    let back = shape.read(&written, key(shape.format)).expect("readable").expect("there");
    prop_assert_eq!(back.expose(), value);
    if let Some(peer) = read_by_peer(shape.format, &shown).filter(|_| shape.form == Form::Plain) {
        prop_assert_eq!(peer.as_str(), value, "{:?}", shown);
    }
    // Put back, the file is the same for every reader, and so is what people see of it.
    let masked = |text: &[u8]| shape.masked(text, &[key(shape.format)]);
    let (masked, masked_before) = (masked(&written), masked(text.as_bytes()));
    if !value.is_empty() {
        prop_assert_eq!(&masked, &masked_before);
    }
    prop_assert!(masked.expect("readable").contains(MASK));
    Ok(())
}

/// Whether a shape may refuse a secret: never a harmless one, and no encoded one at all.
fn may_be_refused(shape: Shape, value: &str) -> bool {
    let has_line = value.contains(['\n', '\r', '\0']);
    let has_control = value.chars().any(text::is_control);
    let is_harmless = value.chars().all(|one| one.is_ascii_alphanumeric()) && !value.is_empty();
    match (shape.format, shape.form) {
        (Format::Words, Form::Base64 | Form::Hex) => value.is_empty(),
        (_, Form::Base64 | Form::Hex) => false,
        (Format::Properties | Format::Toml | Format::Json | Format::Yaml, _) => has_line,
        (Format::Xml, _) => {
            value.chars().any(|one| (one < ' ' && one != '\t') || matches!(one, '\u{FFFE}' | '\u{FFFF}'))
        }
        (Format::Whole, _) | (_, Form::Quoted) => has_control,
        (Format::Ini | Format::Words, _) => !is_harmless,
    }
}

/// The value as another library reads it, where it can.
fn read_by_peer(format: Format, text: &str) -> Option<String> {
    let text = text.trim_start_matches('\u{FEFF}');
    match format {
        Format::Toml => {
            let table: ::toml::Table = text.parse().expect("TOML");
            Some(table["access"][1]["shared/secret"].as_str().expect("a string").to_owned())
        }
        // This one knows neither comments nor commas behind the last element.
        Format::Json => {
            let value: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(value["access"][1]["shared/secret"].as_str().expect("a string").to_owned())
        }
        _ => None,
    }
}

fn survive(text: &[u8], value: &str) -> Result<(), TestCaseError> {
    for shape in shapes() {
        let key = if shape.format == Format::Words { "k 2" } else { "k" };
        let _ = shape.read(text, key);
        let masked = shape.masked(text, &[key]);
        if let Ok(written) = shape.write(text, key, &secret(value)) {
            let back = shape.read(&written, key).expect("readable").expect("there");
            prop_assert_eq!(back.expose(), value);
            // Nothing has no place of its own: behind a line break that a backslash hides, the mask would stand before it.
            if !value.is_empty() {
                prop_assert_eq!(masked, shape.masked(&written, &[key]), "{:?}", shape);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn every_shape_keeps_any_secret_and_everything_round_it(value in any_secret(), (shape, file) in any_file()) {
        check_everywhere(shape, &value, &file)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_bytes_are_survived(text in any::<Vec<u8>>(), value in any_secret()) {
        survive(&text, &value)?;
    }

    #[test]
    fn any_pieces_of_the_languages_are_survived(text in soup(), value in any_secret()) {
        survive(&text, &value)?;
    }
}

#[test]
fn every_awkward_secret_is_kept_or_refused_in_every_shape() {
    for shape in shapes() {
        for value in awkward() {
            let kept = check_everywhere(shape, &value, &sample(shape));
            kept.unwrap_or_else(|error| panic!("{shape:?} {value:?}: {error}"));
        }
    }
}

#[test]
fn no_format_takes_a_line_break_or_nul() {
    for format in Format::ALL {
        let (before, old, after) = sample(Shape { format, form: Form::Plain });
        let text = [before, old, after].concat();
        for value in ["a\nb", "a\r", "\n", "a\0"] {
            let refused = format.write(text.as_bytes(), key(format), &secret(value));
            assert!(matches!(refused, Err(FormError::Value { .. })), "{format}");
        }
    }
}

#[test]
fn a_key_must_be_there_once() {
    for (format, none, twice) in [
        (Format::Properties, "a=1", "k=1\nk:2"),
        (Format::Ini, "a=1", "k=1\nk:2"),
        (Format::Toml, "a=1", ""),
        (Format::Xml, "<a>1</a>", "<a><k>1</k><b><k/></b></a>"),
        (Format::Json, "{}", "{\"k\": \"1\", \"k\": \"2\"}"),
        (Format::Yaml, "a: 1", "k: a\nk: b"),
    ] {
        assert!(format.read(none.as_bytes(), "k").expect("readable").is_none());
        let missing = format.write(none.as_bytes(), "k", &secret("v")).err();
        assert_eq!(missing, Some(FormError::Missing { key: "k".into() }));
        // TOML's parser itself refuses a key that is there twice.
        for failed in [
            format.read(twice.as_bytes(), "k").err(),
            format.write(twice.as_bytes(), "k", &secret("v")).err(),
            format.masked(twice.as_bytes(), "k").err(),
        ]
        .into_iter()
        .filter(|_| !twice.is_empty())
        {
            assert_eq!(failed, Some(FormError::Twice { key: "k".into() }), "{format}");
        }
    }
}

#[test]
fn an_opaque_place_is_neither_read_nor_written_nor_shown() {
    for format in Format::ALL {
        let shape = Shape { format, form: Form::Opaque };
        let (before, old, after) = sample(Shape { format, form: Form::Plain });
        let text = [before, old, after].concat();
        assert_eq!(shape.read(text.as_bytes(), key(format)).err(), Some(FormError::Opaque));
        assert_eq!(shape.write(text.as_bytes(), key(format), &secret("x")).err(), Some(FormError::Opaque));
        assert_eq!(shape.masked(text.as_bytes(), &[key(format)]).err(), Some(FormError::Opaque));
    }
}

#[test]
fn twins_are_masked_together() {
    let shape = Shape { format: Format::Properties, form: Form::Base64 };
    let shown = shape.masked(b"a=c2VjcmV0\n#a=old\nb=c2VjcmV0\n", &["b", "a"]);
    assert_eq!(shown, Ok(format!("a={MASK}\n#a={MASK}\nb={MASK}\n")));
}

#[test]
fn a_key_that_could_not_be_found_is_told() {
    for format in Format::ALL {
        assert_eq!(format.check_key(key(format)), Ok(()));
        assert_eq!(format.check_key("").is_ok(), format == Format::Whole, "{format}");
    }
    assert!(matches!(Format::Whole.check_key("k"), Err(FormError::Key { .. })));
    assert!(matches!(Format::Words.check_key("k"), Err(FormError::Key { .. })));
}

#[test]
fn formats_and_forms_go_by_the_names_in_profiles() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    for form in Form::ALL {
        assert_eq!(form.name().parse(), Ok(form));
    }
    let unknown = "yml".parse::<Format>().expect_err("unknown").to_string();
    assert!(unknown.ends_with("use properties, ini, toml, xml, json, yaml, words or whole"), "{unknown}");
    assert!(matches!("scram".parse::<Form>(), Err(FormError::UnknownForm(_))));
}
