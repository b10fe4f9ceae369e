//! `application/x-www-form-urlencoded`, as forms and queries have it: decoding, and reading into structs with serde.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::param::FromParam;
use super::pointer::token;
use crate::Problem;
use crate::problem::{shortened, shown};

/// Decoded keys and values, in their order. A value that is not UTF-8 is `None`: it matters only to who asks for it.
pub(crate) type Pairs = [(String, Option<String>)];

/// Splits and decodes; `None` if there are more than `most` pairs. A key that is not UTF-8 is no one's, and left out.
pub(crate) fn pairs(text: &str, most: usize) -> Option<Vec<(String, Option<String>)>> {
    let mut pairs = Vec::new();
    for (index, pair) in text.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        if index == most {
            return None;
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let Some(key) = decode(key) {
            pairs.push((key.into_owned(), decode(value).map(Cow::into_owned)));
        }
    }
    Some(pairs)
}

/// `+` is a space, `%XX` a byte; `None` if the bytes are not UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('+') {
        return percent_decode_str(text).decode_utf8().ok();
    }
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(|decoded| Cow::Owned(decoded.into_owned()))
}

/// Reads pairs into a struct: repeated keys make a sequence, in other places the first counts.
pub(crate) fn read<T: DeserializeOwned>(pairs: &Pairs) -> Result<T, Fault> {
    let mut fields: Vec<(&str, Values<'_>)> = Vec::new();
    let mut index = std::collections::HashMap::new();
    for (key, value) in pairs {
        let at = *index.entry(&**key).or_insert(fields.len());
        match fields.get_mut(at) {
            Some((_, values)) => values.list.push(value.as_deref()),
            None => fields.push((key, Values { key, list: vec![value.as_deref()] })),
        }
    }
    T::deserialize(MapDeserializer::new(fields.into_iter()))
}

/// What a value should be that is not.
pub(crate) const NOT_UTF8: &str = "should be UTF-8 text";

/// What is wrong with a field.
#[derive(Debug)]
pub(crate) struct Fault {
    field: Option<String>,
    detail: String,
}

impl Fault {
    fn new(field: Option<String>, detail: String) -> Self {
        Self { field, detail }
    }

    /// The problem for the client: `what` names the kind of field, `place` begins the pointer to it.
    pub(crate) fn problem(self, status: StatusCode, what: &str, place: &str) -> Problem {
        match self.field {
            Some(field) => {
                let step = if place.starts_with('#') { token(&field) } else { shortened(&field) };
                Problem::new(status)
                    .with_detail(format!("{what} {} {}", shown(&field), self.detail))
                    .with_error(self.detail, format!("{place}{step}"))
            }
            None => Problem::new(status).with_detail(self.detail),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self::new(None, shortened(&message.to_string()))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Some(field.to_owned()), "is missing".to_owned())
    }
}

/// The values of one key.
struct Values<'a> {
    key: &'a str,
    list: Vec<Option<&'a str>>,
}

impl<'a> Values<'a> {
    fn first(&self) -> Result<&'a str, Fault> {
        match self.list.first() {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(Fault::new(Some(self.key.to_owned()), NOT_UTF8.to_owned())),
            None => Ok(""),
        }
    }

    fn parse<T: FromParam<'a>>(&self) -> Result<T, Fault> {
        let value = self.first()?;
        T::from_param(value).ok_or_else(|| self.not(T::EXPECTED, value))
    }

    fn not(&self, expected: &str, value: &str) -> Fault {
        let found = if value.is_empty() { "nothing".to_owned() } else { shown(value) };
        Fault::new(Some(self.key.to_owned()), format!("should be {expected}, not {found}"))
    }

    /// Names the field in an error of the visitor's own.
    fn named(key: &str) -> impl FnOnce(Fault) -> Fault + use<> {
        let key = key.to_owned();
        |fault| Fault { field: fault.field.or(Some(key)), ..fault }
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Values<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parse {
    ($($method:ident $visit:ident $type:ty),+ $(,)?) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit(self.parse::<$type>()?).map_err(Self::named(self.key))
        }
    )+ };
}

impl<'de> Deserializer<'de> for Values<'de> {
    type Error = Fault;

    parse! {
        deserialize_bool visit_bool bool,
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64, deserialize_u128 visit_u128 u128,
        deserialize_f32 visit_f32 f32, deserialize_f64 visit_f64 f64,
        deserialize_char visit_char char,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.first()?).map_err(Self::named(self.key))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// A field that nobody reads may hold anything.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let key = self.key;
        let items = self.list.into_iter().map(|value| Values { key, list: vec![value] });
        visitor.visit_seq(SeqDeserializer::new(items))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let value = self.first()?;
        if !variants.contains(&value) {
            let list: Vec<_> = variants.iter().map(|variant| format!("`{variant}`")).collect();
            return Err(self.not(&format!("one of {}", list.join(", ")), value));
        }
        visitor.visit_enum(value.into_deserializer()).map_err(Self::named(self.key))
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit_struct tuple_struct map struct identifier
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Filter {
        name: String,
        page: Option<u32>,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        order: Order,
    }

    #[derive(Debug, PartialEq, Default, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Order {
        #[default]
        Up,
        Down,
    }

    fn filter(text: &str) -> Result<Filter, Fault> {
        read(&pairs(text, 10).unwrap())
    }

    fn fault(text: &str) -> String {
        filter(text).unwrap_err().problem(StatusCode::BAD_REQUEST, "field", "").to_string()
    }

    #[test]
    fn plus_and_escapes_repeats_and_unknown_keys() {
        let read = filter("name=a+b%2B%C3%A9&tags=x&page=2&tags=y&other=1&order=down");
        let expected = Filter {
            name: "a b+é".to_owned(),
            page: Some(2),
            tags: vec!["x".to_owned(), "y".to_owned()],
            order: Order::Down,
        };
        assert_eq!(read.unwrap(), expected);
    }

    #[test]
    fn faults_name_their_field() {
        assert_eq!(fault("page=1"), "400 Bad Request: field `name` is missing");
        assert_eq!(
            fault("name=a&page=x"),
            "400 Bad Request: field `page` should be an integer from 0 to 4294967295, not `x`"
        );
        assert_eq!(
            fault("name=a&order=sideways"),
            "400 Bad Request: field `order` should be one of `up`, `down`, not `sideways`"
        );
        assert_eq!(fault("name=%ff"), "400 Bad Request: field `name` should be UTF-8 text");
    }

    #[test]
    fn only_so_many_pairs_are_read() {
        assert!(pairs("a=&b=&&c", 3).is_some());
        assert!(pairs("a=&b=&c=&d", 3).is_none());
    }

    #[test]
    fn what_nobody_asks_for_may_be_anything() {
        assert_eq!(filter("name=a&other=%ff&%ff=1&%zz").unwrap().name, "a");
    }
}
