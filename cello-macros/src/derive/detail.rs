//! The text of a derived error: `#[detail("user {id} not found")]`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::diagnostics::{Diagnostics, Fault};

/// A text with fields in braces.
pub(crate) struct Detail {
    /// The format string; fields are renamed to what they are bound to.
    format: String,
    /// The names in it, each once.
    pub(crate) fields: Vec<String>,
    span: Span,
}

impl Detail {
    /// A text without fields.
    pub(crate) fn plain(text: &str, span: Span) -> Self {
        Self { format: text.replace('{', "{{").replace('}', "}}"), fields: Vec::new(), span }
    }

    /// Reads a format string whose fields are among `known`.
    pub(crate) fn read(text: &str, span: Span, known: &[String], errors: &mut Diagnostics) -> Option<Self> {
        let mut detail = Self { format: String::new(), fields: Vec::new(), span };
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            detail.format.push_str(&rest[..at]);
            let (brace, after) = (&rest[at..=at], &rest[at + 1..]);
            if after.starts_with(brace) {
                detail.format.push_str(&brace.repeat(2));
                rest = &after[1..];
                continue;
            }
            let Some(end) = after.find('}').filter(|_| brace == "{") else {
                let what = if brace == "{" { "this `{` has no `}`" } else { "this `}` has no `{`" };
                errors.push(span, Fault::DetailText { what });
                return None;
            };
            detail.field(&after[..end], known, errors)?;
            rest = &after[end + 1..];
        }
        detail.format.push_str(rest);
        Some(detail)
    }

    fn field(&mut self, inside: &str, known: &[String], errors: &mut Diagnostics) -> Option<()> {
        let (name, style) = inside.split_at(inside.find(':').unwrap_or(inside.len()));
        let name = name.trim();
        if !known.iter().any(|field| field == name) {
            errors.push(self.span, Fault::DetailField { given: name.to_owned(), known: known.to_vec() });
            return None;
        }
        let bound = binding(name);
        self.format.push_str(&format!("{{{bound}{style}}}"));
        if !self.fields.iter().any(|field| field == name) {
            self.fields.push(name.to_owned());
        }
        Some(())
    }

    /// An expression of type `&'static str` or `String`.
    pub(crate) fn expression(&self) -> TokenStream {
        if self.fields.is_empty() {
            let text = self.format.replace("{{", "{").replace("}}", "}");
            return quote!(#text);
        }
        let mut format = Literal::string(&self.format);
        format.set_span(self.span);
        let bound: Vec<Ident> = self
            .fields
            .iter()
            .map(|field| Ident::new(&binding(field), Span::mixed_site().located_at(self.span)))
            .collect();
        quote_spanned!(self.span=> ::std::format!(#format, #(#bound = #bound),*))
    }
}

/// The name to which a field is bound: one of ours, since a constant may be called like any other.
pub(crate) fn binding(field: &str) -> String {
    format!("of_cello_{}", field.trim_start_matches("r#"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Vec<String>), Vec<String>> {
        let mut errors = Diagnostics::new();
        let known = ["id".to_owned(), "0".to_owned()];
        let detail = Detail::read(text, Span::call_site(), &known, &mut errors);
        match detail {
            Some(detail) => {
                errors.into_tokens(&[]);
                Ok((detail.format, detail.fields))
            }
            None => Err(errors.into_messages()),
        }
    }

    #[test]
    fn fields_are_bound_once_and_keep_their_style() {
        let (format, fields) = read("user {id:?} of {0}, {id}, {{literal}}").unwrap();
        assert_eq!(format, "user {of_cello_id:?} of {of_cello_0}, {of_cello_id}, {{literal}}");
        assert_eq!(fields, ["id", "0"]);
    }

    #[test]
    fn an_unknown_field_is_named() {
        let errors = read("user {identity}").unwrap_err();
        assert_eq!(errors, ["`{identity}` names no field\nhelp: the fields are `id`, `0`"]);
    }

    #[test]
    fn a_lone_brace_is_reported() {
        assert!(read("user {id").unwrap_err()[0].starts_with("this `{` has no `}`"));
        assert!(read("user id}").unwrap_err()[0].starts_with("this `}` has no `{`"));
    }

    #[test]
    fn a_plain_text_keeps_its_braces() {
        let text = Detail::plain("{a}", Span::call_site()).expression().to_string();
        assert_eq!(text, "\"{a}\"");
    }
}
