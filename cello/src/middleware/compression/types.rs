//! Which content is worth compressing.

/// Whether content of this type is compressed by default: text, JSON, XML, JavaScript, WebAssembly, SVG, uncompressed fonts
/// and bitmaps, and what is built on them (`+json`, `+xml`, `+text`, `+yaml`).
///
/// Not `text/event-stream`: a compressor between the events and the client holds memory for as long as the
/// client listens. Not images, sound, video, archives and PDF: they are compressed already.
///
/// `content_type` is the value of `Content-Type`, with or without parameters.
///
/// ```
/// use cello::middleware::compression::is_compressible;
///
/// assert!(is_compressible("Application/Problem+JSON; charset=utf-8"));
/// assert!(!is_compressible("image/png"));
/// ```
#[must_use]
pub fn is_compressible(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let Some((kind, name)) = essence.split_once('/') else { return false };
    let is = |known: &&str| name.eq_ignore_ascii_case(known);
    if let Some((_, suffix)) = name.rsplit_once('+')
        && ["json", "xml", "text", "yaml"].iter().any(|known| suffix.eq_ignore_ascii_case(known))
    {
        return true;
    }
    let kind = KINDS.iter().find(|known| kind.eq_ignore_ascii_case(known));
    match kind.copied().unwrap_or_default() {
        "text" => !is(&"event-stream"),
        "application" => APPLICATION.iter().any(is),
        "font" => ["ttf", "otf", "collection"].iter().any(is),
        "image" => ["bmp", "x-icon", "vnd.microsoft.icon"].iter().any(is),
        _ => false,
    }
}

const KINDS: &[&str] = &["text", "application", "font", "image"];

const APPLICATION: &[&str] = &[
    "json",
    "javascript",
    "xml",
    "wasm",
    "x-ndjson",
    "ndjson",
    "jsonl",
    "json-seq",
    "x-javascript",
    "ecmascript",
    "yaml",
    "x-yaml",
    "toml",
    "graphql",
    "sql",
    "rtf",
    "x-www-form-urlencoded",
    "xml-dtd",
    "x-sh",
    "vnd.ms-fontobject",
];

#[cfg(test)]
mod tests {
    use super::is_compressible;

    #[test]
    fn text_in_any_form_is_compressed() {
        for content_type in [
            "text/plain",
            "text/html; charset=utf-8",
            "TEXT/CSS",
            "text/csv;header=present",
            "application/json",
            "application/json ; charset=utf-8",
            "application/problem+json",
            "application/vnd.api+json",
            "application/atom+xml",
            "application/xhtml+xml",
            "application/javascript",
            "application/wasm",
            "application/x-ndjson",
            "image/svg+xml",
            "image/bmp",
            "font/ttf",
        ] {
            assert!(is_compressible(content_type), "{content_type}");
        }
    }

    #[test]
    fn what_is_compressed_already_or_unknown_is_left_alone() {
        for content_type in [
            "image/png",
            "image/jpeg",
            "image/webp",
            "video/mp4",
            "audio/ogg",
            "font/woff2",
            "application/zip",
            "application/gzip",
            "application/pdf",
            "application/octet-stream",
            "application/grpc+proto",
            "text/event-stream",
            "Text/Event-Stream; charset=utf-8",
            "",
            "json",
            "/",
            "application/",
            "application/jsonp",
        ] {
            assert!(!is_compressible(content_type), "{content_type}");
        }
    }
}
