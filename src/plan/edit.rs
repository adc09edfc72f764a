//! Other values in a product's settings file: only the bytes of the values change.

use toml_edit::{DocumentMut, Item, Value};

use crate::forms::Format;
use crate::secret::Secret;

/// The text with these values under these keys; what is not changed stays as it is, comments and order included.
///
/// `format` is `toml`, with keys as paths (`/` between the parts), or one that `forms` knows. The error says what is wrong
/// with the text.
pub fn edited(text: &str, format: &str, values: &[(String, String)]) -> Result<String, String> {
    if format == "toml" {
        return toml(text, values);
    }
    let form: Format = format.parse().map_err(|error: crate::forms::FormError| error.to_string())?;
    values.iter().try_fold(text.to_owned(), |text, (key, value)| {
        let written =
            form.write(text.as_bytes(), key, &Secret::new(value.clone())).map_err(|error| error.to_string())?;
        String::from_utf8(written.to_vec()).map_err(|_| "is not UTF-8 text".to_owned())
    })
}

fn toml(text: &str, values: &[(String, String)]) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|_| "is not valid TOML".to_owned())?;
    for (key, new) in values {
        let found = key.split('/').try_fold(document.as_item_mut(), |item, part| item.get_mut(part));
        let old = found.and_then(Item::as_value_mut).ok_or_else(|| format!("has no {key}"))?;
        let mut value = match old {
            Value::Integer(_) => new.parse::<i64>().map(Value::from).map_err(|_| format!("{key} must be a number"))?,
            _ => Value::from(new.as_str()),
        };
        if literal(old) != literal(&value) {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
    }
    Ok(document.to_string())
}

/// What stands under a key; nothing where it is not there. The error says what is wrong with the text.
pub fn present(text: &str, format: &str, key: &str) -> Result<Option<String>, String> {
    if format == "toml" {
        let document: DocumentMut = text.parse().map_err(|_| "is not valid TOML".to_owned())?;
        let found = key.split('/').try_fold(document.as_item(), |item, part| item.get(part));
        return Ok(found.and_then(Item::as_value).and_then(literal));
    }
    let form: Format = format.parse().map_err(|error: crate::forms::FormError| error.to_string())?;
    let read = form.read(text.as_bytes(), key).map_err(|error| error.to_string())?;
    Ok(read.map(|value| value.expose().to_owned()))
}

/// What a value says, however it is written.
fn literal(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_integer().map(|number| number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[(&str, &str)]) -> Vec<(String, String)> {
        values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn toml_keeps_comments_order_and_what_does_not_change() {
        let text = "# ours\nhost = 'a'   # its name\n\nport = 0x10\nother = [ 1,2 ]\n";
        let edited = |of: &[(&str, &str)]| edited(text, "toml", &values(of));
        assert_eq!(edited(&[("host", "a"), ("port", "16")]), Ok(text.to_owned()));
        let wanted = "# ours\nhost = 'b\"c'   # its name\n\nport = 7\nother = [ 1,2 ]\n";
        assert_eq!(edited(&[("host", "b\"c"), ("port", "7")]), Ok(wanted.to_owned()));
        assert_eq!(edited(&[("none", "7")]), Err("has no none".into()));
        assert_eq!(edited(&[("port", "many")]), Err("port must be a number".into()));
    }

    #[test]
    fn a_key_may_lead_into_a_table() {
        let text = "host = 'x'\n[authority]\nhost = \"a\" # its name\nhttps_port = 1\n[r.'n']\nsecret = 's'\n";
        let wanted = text.replace("\"a\"", "\"b\"").replace("= 1", "= 2");
        let values = values(&[("authority/host", "b"), ("authority/https_port", "2")]);
        assert_eq!(edited(text, "toml", &values), Ok(wanted));
        assert_eq!(present(text, "toml", "authority/https_port"), Ok(Some("1".into())));
        assert_eq!(present(text, "toml", "authority/none"), Ok(None));
        assert_eq!(present("<a><b>c</b></a>", "xml", "b"), Ok(Some("c".into())));
    }

    #[test]
    fn xml_keeps_everything_else() {
        let text = "<a>\n  <!-- <host>no</host> -->\n  <connection><host>a</host><port>1</port></connection>\n</a>\n";
        let wanted = text.replace(">a<", ">b&amp;c<").replace(">1<", ">2<");
        let done = edited(text, "xml", &values(&[("connection/host", "b&c"), ("connection/port", "2")]));
        assert_eq!(done, Ok(wanted));
    }
}
