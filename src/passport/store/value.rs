//! What goes into a statement and comes out of a row: whole numbers, text and bytes, whichever database it is.

/// One value. `None` keeps its type, since PostgreSQL wants to know what is not there.
#[derive(Debug, Clone)]
pub enum Value {
    /// A whole number; truth values are 0 and 1.
    Number(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

/// What can be bound to a statement.
pub trait Bind {
    /// The value.
    fn value(self) -> Value;
    /// The value that is not there.
    fn none() -> Value;
}

/// What can be read out of a row.
pub trait Column: Sized {
    /// `None` when the column holds something else.
    fn read(value: Value) -> Option<Self>;
}

macro_rules! bind {
    ($($type:ty => $kind:ident, $convert:expr;)*) => {$(
        impl Bind for $type {
            fn value(self) -> Value {
                Value::$kind(Some($convert(self)))
            }
            fn none() -> Value {
                Value::$kind(None)
            }
        }
    )*};
}

bind! {
    i64 => Number, |number| number;
    u16 => Number, i64::from;
    u32 => Number, i64::from;
    bool => Number, i64::from;
    &str => Text, str::to_owned;
    &String => Text, |text: &String| text.clone();
    String => Text, |text| text;
    &[u8] => Bytes, <[u8]>::to_vec;
    &Vec<u8> => Bytes, |bytes: &Vec<u8>| bytes.clone();
    Vec<u8> => Bytes, |bytes| bytes;
}

impl<T: Bind> Bind for Option<T> {
    fn value(self) -> Value {
        self.map_or_else(T::none, T::value)
    }

    fn none() -> Value {
        T::none()
    }
}

impl<'a, T> Bind for &'a Option<T>
where
    &'a T: Bind,
{
    fn value(self) -> Value {
        self.as_ref().value()
    }

    fn none() -> Value {
        <&'a T>::none()
    }
}

impl Column for i64 {
    fn read(value: Value) -> Option<Self> {
        if let Value::Number(number) = value { number } else { None }
    }
}

impl Column for u16 {
    fn read(value: Value) -> Option<Self> {
        i64::read(value)?.try_into().ok()
    }
}

impl Column for bool {
    fn read(value: Value) -> Option<Self> {
        i64::read(value).map(|number| number != 0)
    }
}

impl Column for String {
    fn read(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { text } else { None }
    }
}

impl Column for Vec<u8> {
    fn read(value: Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { bytes } else { None }
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Number(None) | Value::Text(None) | Value::Bytes(None) => Some(None),
            value => T::read(value).map(Some),
        }
    }
}
