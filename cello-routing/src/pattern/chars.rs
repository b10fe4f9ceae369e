//! Which characters may stand where in a pattern.

pub(super) const fn is_identifier_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_')
}

/// Whether `name` can be the name of a function's argument. Only ASCII letters are taken.
pub(super) const fn is_identifier(name: &[u8]) -> bool {
    let mut i = 0;
    while i < name.len() {
        if !is_identifier_byte(name[i]) {
            return false;
        }
        i += 1;
    }
    !(name.is_empty() || name[0].is_ascii_digit() || name.len() == 1 && name[0] == b'_' || is_keyword(name))
}

/// The strict and reserved keywords of the 2024 edition.
pub(super) const fn is_keyword(name: &[u8]) -> bool {
    is_packed_keyword(pack_all(name), name.len())
}

/// Makes one comparison out of many: const evaluation takes a step for each byte otherwise.
macro_rules! keywords {
    ($($name:ident $word:literal,)*) => {
        /// The same for a name that is packed already, see [`pack`].
        pub(super) const fn is_packed_keyword(packed: u64, len: usize) -> bool {
            $(const $name: u64 = pack_all($word);)*
            len <= 8 && matches!(packed, $($name)|*)
        }
    };
}

keywords! {
    AS b"as", DO b"do", FN b"fn", IF b"if", IN b"in", BOX b"box", DYN b"dyn", FOR b"for", GEN b"gen",
    LET b"let", MOD b"mod", MUT b"mut", PUB b"pub", REF b"ref", TRY b"try", USE b"use", ELSE b"else",
    ENUM b"enum", IMPL b"impl", LOOP b"loop", MOVE b"move", PRIV b"priv", SELF b"self", SELF_TYPE b"Self",
    TRUE b"true", TYPE b"type", ASYNC b"async", AWAIT b"await", BREAK b"break", CONST b"const",
    CRATE b"crate", FALSE b"false", FINAL b"final", MACRO b"macro", MATCH b"match", SUPER b"super",
    TRAIT b"trait", WHERE b"where", WHILE b"while", YIELD b"yield", BECOME b"become", EXTERN b"extern",
    RETURN b"return", STATIC b"static", STRUCT b"struct", TYPEOF b"typeof", UNSAFE b"unsafe",
    UNSIZED b"unsized", VIRTUAL b"virtual", ABSTRACT b"abstract", CONTINUE b"continue",
    OVERRIDE b"override",
}

const fn pack_all(word: &[u8]) -> u64 {
    let mut packed = 0;
    let mut i = 0;
    while i < word.len() {
        packed = pack(packed, word[i]);
        i += 1;
    }
    packed
}

/// Adds a byte to a number that stands for the last eight bytes of a name.
pub(super) const fn pack(packed: u64, byte: u8) -> u64 {
    packed << 8 | byte as u64
}

pub(super) const fn contains(bytes: &[u8], byte: u8) -> bool {
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == byte {
            return true;
        }
        i += 1;
    }
    false
}
