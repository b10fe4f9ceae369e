//! What a page may load and run: [`Csp`].

use std::marker::PhantomData;

use http::HeaderValue;

use super::nonce::{CspNonce, NoNonce, Nonces, WithNonce};

/// The origin of the page itself.
pub const SELF: &str = "'self'";
/// Nothing. It stands alone.
pub const NONE: &str = "'none'";
/// What has the nonce of the response, a [`CspNonce`]: a new one for each. For policies that begin with [`Csp::with_nonce`].
pub const NONCE: &str = "'nonce'";
/// Scripts that an allowed script loads.
pub const STRICT_DYNAMIC: &str = "'strict-dynamic'";
/// Scripts and styles written in the page: it undoes most of the protection.
pub const UNSAFE_INLINE: &str = "'unsafe-inline'";
/// `eval` and the like.
pub const UNSAFE_EVAL: &str = "'unsafe-eval'";

/// What stands in quotes, but nonces and hashes.
const KEYWORDS: [&str; 10] = [
    "self",
    "none",
    "nonce",
    "strict-dynamic",
    "unsafe-inline",
    "unsafe-eval",
    "unsafe-hashes",
    "wasm-unsafe-eval",
    "report-sample",
    "inline-speculation-rules",
];

/// A content security policy ([CSP Level 3](https://www.w3.org/TR/CSP3/)): what a page may load and run.
///
/// ```
/// use cello::middleware::security_headers::{Csp, NONCE, NONE, SELF};
///
/// let policy = Csp::with_nonce()
///     .default_src([NONE])
///     .script_src([SELF, NONCE])
///     .img_src([SELF, "https://images.example", "data:"])
///     .frame_ancestors([NONE])
///     .upgrade_insecure_requests();
/// # let _ = policy;
/// ```
///
/// A directive that is given twice is as given last. Sources are written as the standard has them, keywords in their quotes; what is no
/// source keeps the application from starting, with a sentence. Where a response needs no nonce, its policy has none.
///
/// `N` says whether it has a nonce: the compiler sees to it that every handler with a [`CspNonce`] has such a policy around it.
#[derive(Debug, Clone)]
pub struct Csp<N = NoNonce> {
    directives: Vec<(String, Vec<String>)>,
    fault: Option<String>,
    nonce: PhantomData<fn() -> N>,
}

macro_rules! directives {
    ($($(#[$doc:meta])* $method:ident $name:literal,)+) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $method<S: Into<String>>(self, sources: impl IntoIterator<Item = S>) -> Self {
            self.directive($name, sources)
        }
    )+ };
}

impl Csp {
    /// A policy that allows everything, to be narrowed.
    #[must_use]
    pub fn new() -> Self {
        Self { directives: Vec::new(), fault: None, nonce: PhantomData }
    }
}

impl Csp<WithNonce> {
    /// The same, for pages whose own scripts or styles bear a nonce: one of its sources is [`NONCE`].
    #[must_use]
    pub fn with_nonce() -> Self {
        Self { directives: Vec::new(), fault: None, nonce: PhantomData }
    }
}

impl Default for Csp {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Nonces> Csp<N> {
    directives! {
        /// `default-src`: what holds for everything that is loaded, unless its own directive says otherwise.
        default_src "default-src",
        /// `script-src`: scripts.
        script_src "script-src",
        /// `style-src`: style sheets.
        style_src "style-src",
        /// `img-src`: images.
        img_src "img-src",
        /// `font-src`: fonts.
        font_src "font-src",
        /// `media-src`: audio and video.
        media_src "media-src",
        /// `connect-src`: what scripts may call (`fetch`, WebSocket, server-sent events).
        connect_src "connect-src",
        /// `frame-src`: what may be shown in frames of the page.
        frame_src "frame-src",
        /// `worker-src`: workers.
        worker_src "worker-src",
        /// `manifest-src`: the manifest of a web application.
        manifest_src "manifest-src",
        /// `object-src`: plugins.
        object_src "object-src",
        /// `base-uri`: what the page may say its base is.
        base_uri "base-uri",
        /// `form-action`: where forms may be sent.
        form_action "form-action",
        /// `frame-ancestors`: which pages may show this one in a frame.
        frame_ancestors "frame-ancestors",
    }

    /// `upgrade-insecure-requests`: what the page loads from `http:` is loaded from `https:`.
    #[must_use]
    pub fn upgrade_insecure_requests(self) -> Self {
        self.directive("upgrade-insecure-requests", [""; 0])
    }

    /// `sandbox`: the page is treated as one in a sandboxed frame, with these exceptions (`allow-forms`).
    #[must_use]
    pub fn sandbox<S: Into<String>>(self, exceptions: impl IntoIterator<Item = S>) -> Self {
        self.directive("sandbox", exceptions)
    }

    /// `report-to`: the endpoint that is told of violations; [`SecurityHeaders::reporting_endpoint`](super::SecurityHeaders::reporting_endpoint) says where it is, or the
    /// application does not start.
    #[must_use]
    pub fn report_to(self, endpoint: &str) -> Self {
        self.directive("report-to", [endpoint])
    }

    /// Any directive, by its name.
    #[must_use]
    pub fn directive<S: Into<String>>(mut self, name: &str, sources: impl IntoIterator<Item = S>) -> Self {
        let sources: Vec<String> = sources.into_iter().map(Into::into).collect();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let fault = if is_name {
            sources.iter().find_map(|source| fault(name, source)).or_else(|| lonely(name, &sources))
        } else {
            Some(format!("{name:?} is no directive, such as `script-src`"))
        };
        if let Some(fault) = fault {
            self.fault.get_or_insert(format!("content security policy: {fault}"));
        }
        match self.directives.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = sources,
            None => self.directives.push((name.to_owned(), sources)),
        }
        self
    }

    /// # Errors
    /// A sentence about the first mistake.
    pub(super) fn compile(&self) -> Result<Compiled, String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        if self.directives.is_empty() {
            return Err(
                "content security policy: there is no directive; add one, or leave the policy out".to_owned()
            );
        }
        let has_nonce =
            self.directives.iter().any(|(_, sources)| sources.iter().any(|source| source == NONCE));
        match (N::HAS, has_nonce) {
            (true, false) => {
                return Err("content security policy: it begins with `Csp::with_nonce()`, but no source is `NONCE`; add it, or begin with `Csp::new()`".to_owned());
            }
            (false, true) => {
                return Err("content security policy: a source is `NONCE`; begin with `Csp::with_nonce()`, so that handlers can take the nonce".to_owned());
            }
            _ => {}
        }
        let plain = HeaderValue::try_from(self.text(None)).map_err(|error| error.to_string())?;
        // What stands between the places of the nonce.
        let around =
            has_nonce.then(|| self.text(Some("'nonce-\0'")).split('\0').map(str::to_owned).collect());
        let report_to = self.directives.iter().find(|(name, _)| name == "report-to");
        let report_to = report_to.and_then(|(_, endpoint)| endpoint.first().cloned());
        Ok(Compiled { plain, around, report_to })
    }

    /// The policy, with this in the place of the nonce.
    fn text(&self, nonce: Option<&str>) -> String {
        let directives = self.directives.iter().map(|(name, sources)| {
            let written =
                sources.iter().filter_map(|source| if source == NONCE { nonce } else { Some(source) });
            let written: Vec<&str> = written.collect();
            match (written.as_slice(), sources.is_empty()) {
                ([], true) => name.clone(),
                // Nothing is left but the nonce that is not there.
                ([], false) => format!("{name} {NONE}"),
                (written, _) => format!("{name} {}", written.join(" ")),
            }
        });
        directives.collect::<Vec<_>>().join("; ")
    }
}

/// What is wrong with a source.
fn fault(directive: &str, source: &str) -> Option<String> {
    let is_printable = !source.is_empty() && source.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_printable || source.contains([';', ',']) {
        return Some(format!(
            "{source:?} is no source of `{directive}`: give one source at a time, without `;` and `,`"
        ));
    }
    if KEYWORDS.contains(&source) && lists_sources(directive) {
        return Some(format!("`{source}` is the name of a host; the keyword is written `'{source}'`"));
    }
    let quoted = source.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match quoted {
        None if source.contains(['\'', '"']) => {
            Some(format!("`{source}` of `{directive}` has a quote in the middle"))
        }
        Some(text) if text.starts_with("nonce-") => {
            Some(format!("a fixed nonce protects nobody; write `NONCE` for `{source}`"))
        }
        Some(text) => {
            let is_hash = ["sha256-", "sha384-", "sha512-"].iter().any(|hash| text.starts_with(hash));
            let is_known = is_hash || KEYWORDS.contains(&text);
            (!is_known).then(|| format!("`{source}` of `{directive}` is no keyword"))
        }
        None => None,
    }
}

/// Whether hosts and keywords stand in it: CSP 3, sections 6.1 to 6.4.
fn lists_sources(directive: &str) -> bool {
    let others = ["base-uri", "form-action", "frame-ancestors"];
    directive.ends_with("-src") || directive.contains("-src-") || others.contains(&directive)
}

/// `'none'` beside others would be ignored by browsers.
fn lonely(directive: &str, sources: &[String]) -> Option<String> {
    let has_none = sources.iter().any(|source| source == NONE);
    (has_none && sources.len() > 1).then(|| format!("`'none'` stands alone in `{directive}`"))
}

/// A policy as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    /// For a response that has no nonce.
    plain: HeaderValue,
    around: Option<Vec<String>>,
    /// The endpoint that is told of violations.
    pub(super) report_to: Option<String>,
}

impl Compiled {
    pub(super) fn has_nonce(&self) -> bool {
        self.around.is_some()
    }

    pub(super) fn value(&self, nonce: Option<&CspNonce>) -> HeaderValue {
        let (Some(nonce), Some(around)) = (nonce, &self.around) else { return self.plain.clone() };
        HeaderValue::try_from(around.join(nonce.as_str())).unwrap_or_else(|_| self.plain.clone())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_written_in_its_order() {
        let csp = Csp::with_nonce()
            .default_src([SELF])
            .script_src([SELF, NONCE, "https://cdn.example"])
            .style_src([NONCE])
            .img_src(["data:"])
            .default_src([NONE])
            .upgrade_insecure_requests();
        let compiled = csp.compile().unwrap();
        assert_eq!(
            compiled.value(None),
            "default-src 'none'; script-src 'self' https://cdn.example; style-src 'none'; img-src data:; upgrade-insecure-requests"
        );
        let nonce = CspNonce::make();
        assert_eq!(
            compiled.value(Some(&nonce)),
            format!(
                "default-src 'none'; script-src 'self' 'nonce-{nonce}' https://cdn.example; style-src 'nonce-{nonce}'; img-src data:; upgrade-insecure-requests"
            )
        );
        let without = Csp::new().default_src([SELF]).compile().unwrap();
        assert_eq!(without.value(Some(&nonce)), "default-src 'self'");
    }

    #[test]
    fn mistakes_are_told() {
        for (csp, why) in [
            (Csp::new(), "there is no directive"),
            (Csp::new().script_src(["self"]), "the keyword is written `'self'`"),
            (Csp::new().base_uri(["none"]), "the keyword is written `'none'`"),
            (Csp::new().form_action(["self"]), "the keyword is written `'self'`"),
            (Csp::new().frame_ancestors(["none"]), "the keyword is written `'none'`"),
            (Csp::new().directive("script-src-elem", ["self"]), "the keyword is written `'self'`"),
            (Csp::new().script_src(["'selff'"]), "is no keyword"),
            (Csp::new().script_src([SELF, NONE]), "stands alone"),
            (Csp::new().script_src(["'nonce-abc'"]), "a fixed nonce protects nobody"),
            (Csp::new().script_src(["'self' https://a.example"]), "one source at a time"),
            (Csp::new().script_src(["https://a.example; img-src *"]), "one source at a time"),
            (Csp::new().script_src(["https://a.example\r\nx: y"]), "one source at a time"),
            (Csp::new().script_src([""]), "one source at a time"),
            (Csp::new().script_src(["a'b"]), "a quote in the middle"),
            (Csp::new().directive("Script Src", [SELF]), "is no directive"),
            (Csp::new().script_src([SELF, NONCE]), "begin with `Csp::with_nonce()`"),
        ] {
            let fault = csp.compile().unwrap_err();
            assert!(fault.starts_with("content security policy: ") && fault.contains(why), "{fault}");
        }
        let fault = Csp::with_nonce().script_src([SELF]).compile().unwrap_err();
        assert!(fault.contains("no source is `NONCE`"), "{fault}");
        let good = Csp::new()
            .script_src(["'sha256-abc='", "'wasm-unsafe-eval'", "*.example.com:443"])
            .sandbox(["allow-forms"]);
        assert!(good.report_to("csp").compile().is_ok());
    }
}
