//! Files in every format, and secrets that a careless writer would change, cut or refuse.

use proptest::prelude::*;

use crate::forms::{Form, Format, Shape};

/// The forms that are read and written here.
const FORMS: [Form; 4] = [Form::Plain, Form::Quoted, Form::Base64, Form::Hex];

/// Every shape that is read and written here.
pub fn shapes() -> impl Iterator<Item = Shape> {
    Format::ALL.into_iter().flat_map(|format| FORMS.map(|form| Shape { format, form }))
}

/// The key in the files of this room.
pub fn key(format: Format) -> &'static str {
    match format {
        Format::Properties => "passport.shared.secret",
        Format::Xml => "sharedSecret",
        Format::Ini => "access/shared secret",
        Format::Toml | Format::Yaml | Format::Json => "access/1/shared~1secret",
        Format::Words => "host:1 2",
        Format::Whole => "",
    }
}

/// A file: what stands before the value, how it is written now, and what stands behind it.
pub type File = (String, String, String);

/// A small file in each shape.
pub fn sample(shape: Shape) -> File {
    let (before, old, after) = match shape.format {
        Format::Properties => ("passport.shared.secret=", "x", ""),
        Format::Ini => ("[access]\nshared secret = ", "x", "\nport = 1\n"),
        Format::Toml => ("access = [1, { \"shared/secret\" = ", "\"x\"", " }]\n"),
        Format::Xml => ("<sharedSecret>", "", "</sharedSecret>"),
        Format::Json => ("{\"access\": [1, {\"shared/secret\": ", "\"x\"", "}]}\n"),
        Format::Yaml => ("access:\n- x\n- shared/secret: ", "x", " # c\n"),
        Format::Words => ("host:1 ", "x", " 3\n"),
        Format::Whole => ("", "x", "\n"),
    };
    (before.into(), old.into(), after.into())
}

/// Secrets that go wrong somewhere.
pub fn awkward() -> Vec<String> {
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
        "yes",
        "0123",
        "~",
        "1e3",
        "- x",
        "# x",
        "a # b",
        "a ; b",
        "a: b",
        "[x]",
        "{x}",
        "%",
        "!x",
        "&x",
        "*x",
        ";",
        ",",
        "a;",
        "//a",
        "--",
        "---",
        "...",
        "null",
        "2001-12-14",
        "trailing newline\n",
        "\r\n",
        "two\nlines",
        "nul\0nul",
        "\u{1}\u{1F}\u{9F}",
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
        secrets.push("aB9".chars().cycle().take(length).collect());
    }
    secrets
}

/// Any secret, more often an awkward one than chance would have it.
pub fn any_secret() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(awkward()),
        "\\PC{0,40}",
        "[ \\\\=:#!<>&;\"'\\t\u{e9}\u{1F511}%$,\\[\\]{}|*@`~-]{0,12}",
        "[A-Za-z0-9]{1,300}",
        "[0-9a-f.:_+xe-]{1,8}",
    ]
}

/// A file in any shape.
pub fn any_file() -> impl Strategy<Value = (Shape, File)> {
    prop::sample::select(shapes().collect::<Vec<_>>())
        .prop_flat_map(|shape| surroundings(shape).prop_map(move |file| (shape, file)))
}

fn surroundings(shape: Shape) -> BoxedStrategy<File> {
    let (before, plain, after) = match shape.format {
        Format::Properties => (
            "(\u{FEFF}#[a-z é=]*(\n|\r\n))?((# Comment \u{e9}=:|[a-z]{1,5} ?[=: ] ?([a-z]|\\\\t|\\\\\\\\){0,4}|\t!x| *)(\n|\r\n)){0,4} {0,2}passport\\.shared\\.secret( ?[=:] ?| )",
            "([a-z]([a-z ]|\\\\u00[eE]9|\\\\\\\\|\\\\\n  |\\\\\r\n\t){0,6}[a-z])?",
            "|((\n|\r\n)(#x|other = y \\\\\n  z|port:1|)(\n|\r\n)?){1,2}",
        ),
        Format::Xml => (
            "\u{FEFF}?(<\\?xml version=\"1\\.0\" encoding=\"UTF-8\"\\?>\r?\n)?(<!-- \u{e9} \\$ -->\n)?<access a='>' b=\"1\">(\r?\n[ \t]*<host p=\"&lt;\">h&amp;</host >|<!-- c -->|<e/>| text ){0,3}\r?\n  <sharedSecret( x=\"1\")? ?>",
            "([a-z ]|&lt;|&#x41;|&#66;|<!\\[CDATA\\[<&>\\]\\]>|\u{e9}|\r\n){0,5}",
            "</sharedSecret>(\r?\n<port>1</port>)?(\r?\n)?</access>(\r?\n)?(<!-- end -->)?",
        ),
        Format::Ini => (
            "\u{FEFF}?([;#] é=\r?\n|shared secret=1\r?\n)?(\\[[a-z ]{1,3}\\]( ; c)?\r?\n([a-z]+ ?[=:] ?[a-z]*\r?\n)?){0,2}\\[ ?access\\]\r?\n([x-z] = x y\r?\n)?shared secret ?[=:] ?",
            "[a-z]([a-z =:]{0,6}[a-z])?",
            " *(\r?\n(# x|\\[x\\]\nshared secret = 2|port:1|)){0,2}",
        ),
        Format::Toml => (
            "\u{FEFF}?(# é = \"\r?\n)?\\[\\[access\\]\\]\r?\nx = \"\\\\u00e9\\\\\\\\\"( # c)?\r?\n\\[\\[access\\]\\]\r?\n(y\\.z = \\[ 1, 'é' \\]\r?\n)?[ \t]?\"shared/secret\" ?= ?",
            "'[a-z \"\\\\é]{0,5}'|\"([a-z ']|\\\\u00e9|\\\\\"|é){0,5}\"",
            "[ \t]?(# c)?(\r?\nport = 1)?(\r?\n\\[other\\])?(\r?\n)?",
        ),
        Format::Json => (
            "\u{FEFF}?[ \r\n]{0,2}(// é \"\n)?\\{ ?(\"é\\\\u00e9\": ?[1-9]\\.50, /\\* c \\*/)?\"access\": ?\\[ ?(null|\"x\"|\\{\\}) ?, ?\\{\r?\n\t?\"shared/secret\" ?:[ \n]?",
            "\"([a-z ']|\\\\u00e9|\\\\\"|\\\\/|é){0,5}\"",
            "[ \n]?,?(// c\r?\n)?\\} ?\\] ?,? ?\\}\r?\n?",
        ),
        Format::Yaml => (
            "\u{FEFF}?(# é\r?\n)?(---\r?\n)?(é: &x \"é\\\\u00e9\" # c\r?\n)?access: ?( # c)?\r?\n  - x\r?\n  - (y: z\r?\n    )?shared/secret: {1,2}",
            "[b-m]([a-z\"'é]{0,5}[b-m])?|'([a-z \"\\\\é]|''){0,5}'|\"([a-z ']|\\\\u00e9|\\\\\"|é){0,5}\"",
            "( +# c)?(\r?\nport: [1-9]\r?\n?(\\.\\.\\.\r?\n)?)?(\r?\n)?",
        ),
        Format::Words => (
            "\u{FEFF}?(# é host:1 x\r?\n|host:2 'a b' 3\r?\n|\r?\n){0,3}[ \t]?host:1[ \t]{1,2}",
            "[a-zé][a-z0-9\"'\\\\#é]{0,6}[a-z]",
            "([ \t]{1,2}[0-9]{1,3}( # c)?)?[ \t]?(\r?\n(host:2 x\r?\n)?)?",
        ),
        Format::Whole => ("\u{FEFF}?", "[a-z =:#é]{0,8}", "(\r?\n)?"),
    };
    let old = match (shape.format, shape.form) {
        (_, Form::Plain) => plain,
        (Format::Toml | Format::Json | Format::Yaml, _) => "\"[a-z]{0,4}\"",
        (Format::Ini | Format::Words, Form::Quoted) => {
            "\"([a-z ;#'é]|\\\\\"|\\\\\\\\){0,5}\"|'[a-z ;#\"é]{0,5}'|[a-z]{1,4}"
        }
        _ => "[a-z0-9]{1,5}",
    };
    (before, old, after).boxed()
}

/// Pieces of all languages, put together at random: far more likely than plain bytes to reach every branch.
pub fn soup() -> impl Strategy<Value = Vec<u8>> {
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
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b";",
        b"- ",
        b"? ",
        b"&a ",
        b"*a",
        b"!t ",
        b"|\n",
        b">-\n",
        b"---\n",
        b"...\n",
        b"k: ",
        b"  k: v\n",
        b"k = \"v\"\n",
        b"\"k\": \"v\"",
        b"'''",
        b"\"\"\"",
        b"# k: v\n",
        b"// \"k\": 1\n",
        b"/*",
        b"*/",
        b"k v 3\n",
        b"2",
        b"[k]\n",
        b"%YAML 1.2\n",
        b"{k: v}",
        b"{\"k\": \"v\"}",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}
