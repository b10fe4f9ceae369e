//! A file as tokens.

pub(super) enum Token<'t> {
    Open(char),
    Close(char),
    Word(&'t str),
    Mark(char),
}

/// Cuts a file into tokens, without comments, texts and characters. It is total: what is no Rust gives tokens too.
pub(super) struct Lexer<'t> {
    rest: &'t str,
    line: usize,
    column: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, line: 1, column: 1 }
    }

    /// Takes some bytes, whole characters.
    fn pass(&mut self, bytes: usize) -> &'t str {
        let (passed, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        for character in passed.chars() {
            if character == '\n' {
                (self.line, self.column) = (self.line + 1, 1);
            } else {
                self.column += 1;
            }
        }
        passed
    }
}

impl<'t> Iterator for Lexer<'t> {
    /// A token, its line and its column, counted from 1.
    type Item = (Token<'t>, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let first = self.rest.chars().next()?;
            let (line, column) = (self.line, self.column);
            let len = word(self.rest);
            if self.rest.starts_with("//") {
                self.pass(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.pass(comment(self.rest));
            } else if first == '"' {
                self.pass(text(self.rest));
            } else if first == '\'' {
                self.pass(character(self.rest));
            } else if len > 0 {
                let name = self.pass(len);
                if let ("r" | "br" | "cr", Some(end)) = (name, raw_text(self.rest)) {
                    self.pass(end);
                    continue;
                }
                if let ("r", Some(raw)) = (name, self.rest.strip_prefix('#'))
                    && raw.starts_with(|c: char| c == '_' || c.is_alphabetic())
                {
                    self.pass(1);
                    return Some((Token::Word(self.pass(word(raw))), line, column));
                }
                return Some((Token::Word(name), line, column));
            } else {
                self.pass(first.len_utf8());
                let token = match first {
                    '(' | '[' | '{' => Token::Open(first),
                    ')' | ']' | '}' => Token::Close(first),
                    white if white.is_whitespace() => continue,
                    mark => Token::Mark(mark),
                };
                return Some((token, line, column));
            }
        }
    }
}

/// The length of the word that the text begins with.
fn word(text: &str) -> usize {
    text.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(text.len())
}

/// The length of a block comment, others in it included.
fn comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0usize);
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        if text[at..].starts_with("/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if text[at..].starts_with("*/") {
            (at, depth) = (at + 2, depth.saturating_sub(1));
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of a text in quotes.
fn text(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The length of `#"..."#` after its prefix; nothing for another `#`.
fn raw_text(text: &str) -> Option<usize> {
    let hashes = text.len() - text.trim_start_matches('#').len();
    let inside = text[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(inside.find(&end).map_or(text.len(), |at| hashes + 1 + at + end.len()))
}

/// The length of a character in quotes, or of the quote alone if it starts a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text.char_indices().skip(1);
    match (inside.next(), inside.next()) {
        (Some((_, '\\')), _) => {
            // The character after the backslash may be a quote itself.
            text.get(3..).and_then(|rest| rest.find('\'')).map_or(1, |end| 3 + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}
