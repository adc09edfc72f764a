//! Compiling a map and evaluating it, with jaq.

use std::fmt::Display;

use jaq_core::load::{Arena, Error as LoadError, File, Loader, span};
use jaq_core::{Compiler, Ctx, Exn, Filter, Vars, data::JustLut};
use jaq_json::write::{Pp, write};
use jaq_json::{Val, read};
use serde::de::IgnoredAny;

use crate::daemon::log::one_line;

/// The longest map, in bytes.
pub const MAX_MAP: usize = 64 * 1024;
/// The longest error text, in characters.
const MAX_ERROR: usize = 300;
/// Parser and interpreter call themselves; what does not fit into this stack ends the process (see `sandbox`).
const STACK: usize = 64 * 1024 * 1024;

/// Checks that a map compiles; else the error with its line and column.
pub fn compile(map: &str) -> Result<(), String> {
    on_deep_stack(|| filter(map).map(drop))
}

/// Turns one document: exactly one value must come out, and it must be JSON. The error is one line for people.
pub fn evaluate(map: &str, document: &[u8]) -> Result<Vec<u8>, String> {
    // jaq's own reader takes more than JSON: comments, NaN, binary strings.
    check_json(document).map_err(|why| format!("the document is no JSON: {why}"))?;
    on_deep_stack(|| {
        let input = read::parse_single(document).map_err(|error| format!("the document is no JSON: {error}"))?;
        let filter = filter(map)?;
        let context = Ctx::<JustLut<Val>>::new(&filter.lut, Vars::new([]));
        let mut values = filter.id.run((context, input));
        let value = values.next().ok_or("the map gave no value")?.map_err(failure)?;
        if let Some(more) = values.next() {
            more.map_err(failure)?;
            return Err("the map gave more than one value".to_owned());
        }
        let mut text = Vec::new();
        let layout = Pp { indent: Some("  ".to_owned()), sep_space: true, ..Pp::default() };
        write(&mut text, &layout, 0, &value).map_err(|error| error.to_string())?;
        check_json(&text).map_err(|_| "the map gave a value that is no JSON, such as NaN or binary data")?;
        text.push(b'\n');
        Ok(text)
    })
}

fn check_json(text: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(text).map_err(|_| "it is no UTF-8 text".to_owned())?;
    serde_json::from_str::<IgnoredAny>(text).map(drop).map_err(|error| error.to_string())
}

fn failure(raised: Exn<'_, Val>) -> String {
    match raised.get_err() {
        Ok(error) => {
            let text = match error.into_val() {
                Val::TStr(text) => String::from_utf8_lossy(&text).into_owned(),
                value => value.to_string(),
            };
            format!("the map failed: {}", one_line(&text, MAX_ERROR))
        }
        Err(_) => "the map ended itself".to_owned(),
    }
}

fn filter(map: &str) -> Result<Filter<JustLut<Val>>, String> {
    if map.len() > MAX_MAP {
        return Err(format!("the map is longer than {} KiB", MAX_MAP / 1024));
    }
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(definitions).load(&arena, File { code: map, path: () }).map_err(|errors| {
        let first = errors.into_iter().next().map(|(_, error)| load_error(map, &error));
        first.unwrap_or_else(|| "the map does not compile".to_owned())
    })?;
    Compiler::default().with_funs(functions).compile(modules).map_err(|errors| {
        let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
        first.map_or("the map does not compile".to_owned(), |(name, kind)| {
            at(map, name, format!("the {} {name} is not known", kind.as_str()))
        })
    })
}

fn load_error(map: &str, error: &LoadError<&str>) -> String {
    let expected = |what: &str, found: &str| {
        let found = one_line(found.lines().next().unwrap_or_default(), 30);
        if found.is_empty() { format!("{what} expected, the map ends") } else { format!("{what} expected at {found}") }
    };
    match error {
        LoadError::Io(missing) => {
            missing.first().map_or(String::new(), |(path, why)| at(map, path, format!("{path} is not loaded: {why}")))
        }
        LoadError::Lex(errors) => {
            errors.first().map_or(String::new(), |(what, found)| at(map, found, expected(what.as_str(), found)))
        }
        LoadError::Parse(errors) => {
            errors.first().map_or(String::new(), |(what, found)| at(map, found, expected(what.as_str(), found)))
        }
    }
}

/// `part` is a slice of `map`, or empty at its end.
fn at(map: &str, part: &str, why: impl Display) -> String {
    let inside = map.as_bytes().as_ptr_range().contains(&part.as_ptr());
    let start = if inside { span(map, part).start } else { map.trim_end().len() };
    let before = &map[..start];
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().map_or(0, |text| text.chars().count());
    format!("line {line}, column {column}: {why}")
}

fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| format!("no thread for the map: {error}"))?;
        thread.join().unwrap_or_else(|_| Err("the map made the interpreter fail".to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    macro_rules! shipped {
        ($name:literal) => {
            include_str!(concat!("../../../installer-assets/b2bi/common/maps/", $name, ".jq"))
        };
    }

    fn run(map: &str, document: &Value) -> Result<Value, String> {
        let text = evaluate(map, document.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&text).expect("JSON"))
    }

    #[test]
    fn an_order_is_turned() {
        let order = json!({
            "number": 4711, "date": "2026-11-21", "currency": "eur", "buyer": { "name": "Meyer & Co", "country": "DE" },
            "lines": [{ "article": "A-1", "quantity": 3, "price": 9.95, "text": "bolt" },
                      { "article": "B-2", "price": 0.1 }]
        });
        let turned = run(shipped!("order"), &order).expect("turned")["order"].clone();
        assert_eq!(turned["id"], json!("4711"));
        assert_eq!(turned["currency"], json!("EUR"));
        assert_eq!(turned["customer"], json!({ "name": "Meyer & Co", "country": "DE" }));
        assert_eq!(turned["positions"][0]["amount"], json!(29.85));
        assert_eq!(turned["positions"][1]["position"], json!(2));
        assert_eq!(turned["positions"][1]["quantity"], json!(1));
        assert_eq!(turned["total"], json!(29.95));
        let refused = run(shipped!("order"), &json!({ "number": 1 })).expect_err("no date");
        assert_eq!(refused, "the map failed: the order has no date");
    }

    #[test]
    fn an_invoice_is_turned_with_its_taxes_by_rate() {
        let invoice = json!({
            "id": "R-1", "order": "4711", "date": "2026-11-21",
            "items": [{ "article": "A", "quantity": 2, "net": 10.0, "tax_rate": 19 },
                      { "article": "B", "net": 5.5, "tax_rate": 7 }, { "article": "C", "net": 1, "tax_rate": 19 }]
        });
        let turned = run(shipped!("invoice"), &invoice).expect("turned")["invoice"].clone();
        assert_eq!(turned["taxes"].as_array().map(Vec::len), Some(2));
        assert_eq!(turned["taxes"][1], json!({ "rate": 19, "base": 21.0, "amount": 3.99 }));
        assert_eq!(turned["net"].as_f64(), Some(26.5));
        assert_eq!(turned["gross"].as_f64(), Some(30.88));
        assert!(run(shipped!("invoice"), &json!({})).expect_err("empty").contains("no items"));
    }

    #[test]
    fn a_verification_comes_back_passed() {
        let turned = run(shipped!("verification"), &json!({ "probe": "n0nce" })).expect("turned");
        assert_eq!(turned, json!({ "probe": "n0nce", "passed": true }));
        assert!(run(shipped!("verification"), &json!({ "probe": 1 })).is_err());
    }

    #[test]
    fn errors_name_line_and_column() {
        assert_eq!(compile(".a"), Ok(()));
        let cases = [(".a\n| nosuch(1)", "line 2, column 3"), ("{a: 1,\n", "line 1"), (".a |", "line 1, column 5")];
        for (map, place) in cases {
            let error = compile(map).expect_err(map);
            assert!(error.starts_with(place), "{map}: {error}");
        }
        assert!(compile("import \"x\" as x; .").is_err());
    }

    #[test]
    fn what_is_no_single_json_value_is_refused() {
        let refused = |map: &str, document: &str| evaluate(map, document.as_bytes()).expect_err(map);
        assert!(refused(".", "{").starts_with("the document is no JSON"));
        assert!(refused(".", "# comment\n1").starts_with("the document is no JSON"));
        assert_eq!(refused("empty", "1"), "the map gave no value");
        assert_eq!(refused("., .", "1"), "the map gave more than one value");
        assert!(refused("nan", "1").contains("no JSON"));
        assert_eq!(refused("halt", "1"), "the map ended itself");
        assert_eq!(refused(".a.b", "{\"a\": 1}").split(':').next(), Some("the map failed"));
    }

    #[test]
    fn a_long_text_is_no_map() {
        assert!(compile(&".".repeat(MAX_MAP + 1)).is_err());
    }
}
