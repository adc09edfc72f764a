//! What holds for every format: a value written is read, nothing else changes, and nothing makes it panic.

use proptest::prelude::*;

use super::{Form, FormError, Format, MASK};
use crate::secret::Secret;

const BOTH: [Format; 2] = [Format::Properties, Format::Xml];

fn secret(text: &str) -> Secret {
    Secret::new(text.into())
}

fn key(format: Format) -> &'static str {
    match format {
        Format::Properties => "passport.shared.secret",
        _ => "sharedSecret",
    }
}

/// Secrets that a careless writer would change, cut or refuse.
fn awkward() -> Vec<String> {
    let mut secrets: Vec<String> = [
        " leading",
        "trailing ",
        " both ends ",
        "in the middle",
        "\ttab\t",
        "#hash",
        "!bang",
        "a#b!c",
        "\"quoted\"",
        "'single'",
        "back\\slash",
        "\\",
        "\\\\",
        "ends with \\",
        "\\u0041",
        "a:b",
        ":",
        "a=b",
        "=",
        " = ",
        "${HOME}",
        "$(id)",
        "%s%n%PATH%",
        "<tag>",
        "a&b",
        "&amp;",
        "&#65;",
        "]]>",
        "<![CDATA[x]]>",
        "<!-- x -->",
        "`ls`",
        "a,b;c|d",
        "Grüße",
        "Ω≈ç√",
        "密码",
        "пароль",
        "😀🔑",
        "e\u{301}",
        "\u{FEFF}mark",
        "\u{A0}",
        "\u{85}",
        "\u{2028}",
        "\u{7F}",
        "",
    ]
    .map(str::to_owned)
    .into();
    for length in [7, 64, 130, 300] {
        secrets.push("Aß9\\".chars().cycle().take(length).collect());
    }
    secrets
}

fn any_secret() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(awkward()),
        "\\PC{0,40}",
        "[ \\\\=:#!<>&;\"'\\t\u{e9}\u{1F511}]{0,12}",
        "[A-Za-z0-9]{1,300}",
    ]
}

/// What stands before the value, behind it, and how it is written now.
fn any_surroundings(format: Format) -> BoxedStrategy<(String, String, String)> {
    let (before, old, after) = match format {
        Format::Properties => (
            "(\u{FEFF}#[a-z é=]*(\n|\r\n))?((# Comment \u{e9}=:|[a-z]{1,5} ?[=: ] ?([a-z]|\\\\t|\\\\\\\\){0,4}|\t!x| *)(\n|\r\n)){0,4} {0,2}passport\\.shared\\.secret( ?[=:] ?| )",
            "([a-z]([a-z ]|\\\\u00[eE]9|\\\\\\\\|\\\\\n  |\\\\\r\n\t){0,6}[a-z])?",
            "|((\n|\r\n)(#x|other = y \\\\\n  z|port:1|)(\n|\r\n)?){1,2}",
        ),
        _ => (
            "\u{FEFF}?(<\\?xml version=\"1\\.0\" encoding=\"UTF-8\"\\?>\r?\n)?(<!-- \u{e9} \\$ -->\n)?<access a='>' b=\"1\">(\r?\n[ \t]*<host p=\"&lt;\">h&amp;</host >|<!-- c -->|<e/>| text ){0,3}\r?\n  <sharedSecret( x=\"1\")? ?>",
            "([a-z ]|&lt;|&#x41;|&#66;|<!\\[CDATA\\[<&>\\]\\]>|\u{e9}|\r\n){0,5}",
            "</sharedSecret>(\r?\n<port>1</port>)?(\r?\n)?</access>(\r?\n)?(<!-- end -->)?",
        ),
    };
    (before, old, after).boxed()
}

fn check_everywhere(
    format: Format,
    value: &str,
    (before, old, after): &(String, String, String),
) -> Result<(), TestCaseError> {
    let text = [before.as_str(), old, after].concat();
    let written = format.write(text.as_bytes(), key(format), &secret(value));
    let written = written.map_err(|error| TestCaseError::fail(format!("{error}: {text:?}")))?;
    prop_assert!(written.starts_with(before.as_bytes()), "{:?} from {:?}", String::from_utf8_lossy(&written), text);
    prop_assert!(written.ends_with(after.as_bytes()));
    let back = format.read(&written, key(format)).expect("readable").expect("there");
    prop_assert_eq!(back.expose(), value);
    // Put back, the file is the same for every reader, and so is what people see of it.
    let (masked, masked_before) = (format.masked(&written, key(format)), format.masked(text.as_bytes(), key(format)));
    prop_assert_eq!(&masked, &masked_before);
    prop_assert!(masked.expect("readable").contains(MASK));
    Ok(())
}

/// Pieces of both languages, put together at random: far more likely than plain bytes to reach every branch.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&'static [u8]> = vec![
        b"k",
        b"k=",
        b"k:",
        b"k ",
        b"=",
        b":",
        b" ",
        b"\t",
        b"\x0C",
        b"\\",
        b"\\\\",
        b"\n",
        b"\r",
        b"\r\n",
        b"\\\n",
        b"\\\r\n",
        b"#",
        b"!",
        b"a",
        b"v",
        b"\\u0041",
        b"\\u00",
        b"\\uD83D",
        b"\\uDE00",
        b"\\k",
        b"\\=",
        b"\xE9",
        b"\xC3\xA9",
        b"\xEF\xBB\xBF",
        b"<k>",
        b"</k>",
        b"<k/>",
        b"<k a=\"/>\" />",
        b"<a>",
        b"</a>",
        b"<a/>",
        b"&lt;",
        b"&#65;",
        b"&#x0;",
        b"&#x1;",
        b"&x;",
        b"&",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
        b"<?p ",
        b"?>",
        b"<!DOCTYPE a [",
        b"<!ENTITY x \"y\">",
        b"]>",
        b"<",
        b">",
        b"\"",
        b"'",
        b"/",
        b"\0",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

fn survive(text: &[u8], value: &str) -> Result<(), TestCaseError> {
    for format in BOTH {
        let _ = format.read(text, "k");
        let masked = format.masked(text, "k");
        if let Ok(written) = format.write(text, "k", &secret(value)) {
            let back = format.read(&written, "k").expect("readable").expect("there");
            prop_assert_eq!(back.expose(), value);
            // Nothing has no place of its own: behind a line break that a backslash hides, the mask would stand before it.
            if !value.is_empty() {
                prop_assert_eq!(masked, format.masked(&written, "k"));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn properties_keep_any_secret_and_everything_round_it(value in any_secret(), file in any_surroundings(Format::Properties)) {
        check_everywhere(Format::Properties, &value, &file)?;
    }

    #[test]
    fn xml_keeps_any_secret_and_everything_round_it(value in any_secret(), file in any_surroundings(Format::Xml)) {
        check_everywhere(Format::Xml, &value, &file)?;
    }

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
fn every_awkward_secret_is_kept_in_both_formats() {
    for value in awkward() {
        check_everywhere(Format::Properties, &value, &("passport.shared.secret=".into(), "x".into(), String::new()))
            .expect("kept");
        check_everywhere(Format::Xml, &value, &("<sharedSecret>".into(), String::new(), "</sharedSecret>".into()))
            .expect("kept");
    }
}

#[test]
fn no_format_takes_a_line_break() {
    for (format, text) in [(Format::Properties, "k=v"), (Format::Xml, "<k>v</k>")] {
        for value in ["a\nb", "a\r", "\n"] {
            let refused = format.write(text.as_bytes(), "k", &secret(value));
            assert!(matches!(refused, Err(FormError::Value { .. })));
        }
    }
}

#[test]
fn a_key_must_be_there_once() {
    for (format, none, twice) in
        [(Format::Properties, "a=1", "k=1\nk:2"), (Format::Xml, "<a>1</a>", "<a><k>1</k><b><k/></b></a>")]
    {
        assert!(format.read(none.as_bytes(), "k").expect("readable").is_none());
        assert_eq!(
            format.write(none.as_bytes(), "k", &secret("v")).err(),
            Some(FormError::Missing { key: "k".into() })
        );
        for failed in [
            format.read(twice.as_bytes(), "k").err(),
            format.write(twice.as_bytes(), "k", &secret("v")).err(),
            format.masked(twice.as_bytes(), "k").err(),
        ] {
            assert_eq!(failed, Some(FormError::Twice { key: "k".into() }));
        }
    }
}

#[test]
fn formats_go_by_the_names_in_profiles() {
    assert_eq!("properties".parse(), Ok(Format::Properties));
    assert_eq!("xml".parse(), Ok(Format::Xml));
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    for form in Form::ALL {
        assert_eq!(form.name().parse(), Ok(form));
    }
    assert!(matches!("yml".parse::<Format>(), Err(FormError::Unknown(_))));
    assert!(matches!("scram".parse::<Form>(), Err(FormError::UnknownForm(_))));
}
