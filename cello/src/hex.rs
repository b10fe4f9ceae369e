//! Numbers in hexadecimal digits, without the machinery of `fmt`: what is written so is written for each request.

pub(crate) const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The digits of a number, of which there are at least so many, and how many there are; zeros stand behind them.
#[inline]
pub(crate) fn hex(number: u64, least: u32) -> ([u8; 16], usize) {
    let count = (16 - number.leading_zeros() / 4).max(least).min(16) as usize;
    let (mut digits, mut rest) = ([0; 16], number);
    for digit in digits.iter_mut().take(count).rev() {
        *digit = DIGITS[(rest & 15) as usize];
        rest >>= 4;
    }
    (digits, count)
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn digits_are_those_of_fmt() {
        for number in [0, 1, 0xf, 0x10, 0xabc, u64::from(u32::MAX), u64::MAX] {
            let text = |least| {
                let (digits, count) = hex(number, least);
                String::from_utf8_lossy(&digits[..count]).into_owned()
            };
            assert_eq!(text(1), format!("{number:x}"));
            assert_eq!(text(16), format!("{number:016x}"));
        }
    }
}
