//! Personal data in free text: found when it is written, so that lists and previews can hide it.

use std::ops::Range;

use kernel::FieldType;
use kernel::catalog::valid_id_number;

use crate::mask::mask;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// A mobile number of mainland China.
    Phone,
    /// An e-mail address.
    Email,
    /// A resident identity number with a right check digit.
    IdNumber,
    /// A bank card number that passes Luhn.
    BankCard,
    /// A Chinese passport number.
    Passport,
    /// A vehicle plate.
    Plate,
}

/// Something personal at some bytes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Byte range.
    pub range: Range<usize>,
    /// What it is.
    pub kind: FindingKind,
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Everything personal in a text, in order, without overlaps.
#[must_use]
pub fn detect(text: &str) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        let found = if c.is_ascii_alphanumeric() {
            let end = at
                + rest
                    .bytes()
                    .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-'))
                    .count();
            email(text, at, end).or_else(|| {
                let end = at + rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
                token(text, at..end)
            })
        } else if PROVINCES.contains(c) {
            plate(text, at, c.len_utf8())
        } else {
            None
        };
        if let Some(finding) = found {
            at = finding.range.end;
            out.push(finding);
        } else if c.is_ascii_alphanumeric() {
            // A whole run at a time: digits inside a longer run are not a number of their own.
            at += rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        } else {
            at += c.len_utf8();
        }
    }
    out
}

fn email(text: &str, start: usize, end: usize) -> Option<Finding> {
    if text.as_bytes().get(end) != Some(&b'@') {
        return None;
    }
    let domain = &text[end + 1..];
    let length = domain.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    let domain = domain[..length].trim_end_matches(['.', '-']);
    domain.contains('.').then(|| Finding { range: start..end + 1 + domain.len(), kind: FindingKind::Email })
}

fn token(text: &str, range: Range<usize>) -> Option<Finding> {
    let word = &text[range.clone()];
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    let kind = if valid_id_number(word) {
        FindingKind::IdNumber
    } else if mobile(word.strip_prefix("86").filter(|w| w.len() == 11).unwrap_or(word)) {
        FindingKind::Phone
    } else if digits && (16..=19).contains(&word.len()) && luhn(word) {
        FindingKind::BankCard
    } else if word.len() == 9
        && matches!(word.as_bytes()[0], b'E' | b'G' | b'P')
        && word[2..].bytes().all(|b| b.is_ascii_digit())
    {
        FindingKind::Passport
    } else {
        return None;
    };
    Some(Finding { range, kind })
}

/// Eleven digits that begin as mobile numbers of mainland China do.
fn mobile(word: &str) -> bool {
    word.len() == 11
        && word.bytes().all(|b| b.is_ascii_digit())
        && word.starts_with('1')
        && word.as_bytes()[1] >= b'3'
}

fn plate(text: &str, start: usize, width: usize) -> Option<Finding> {
    let rest = &text[start + width..];
    let body: Vec<(usize, char)> =
        rest.char_indices().filter(|(_, c)| !matches!(c, '·' | '-')).take(8).collect();
    let letters = body.iter().take_while(|(_, c)| c.is_ascii_uppercase() || c.is_ascii_digit()).count();
    let fits = (6..=7).contains(&letters)
        && body[0].1.is_ascii_uppercase()
        && body.iter().take(letters).any(|(_, c)| c.is_ascii_digit());
    fits.then(|| {
        let (at, c) = body[letters - 1];
        Finding { range: start..start + width + at + c.len_utf8(), kind: FindingKind::Plate }
    })
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            if i % 2 == 0 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.bytes().any(|b| b != b'0')
}

/// The text with everything personal masked.
#[must_use]
pub fn mask_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for finding in detect(text) {
        out.push_str(&text[at..finding.range.start]);
        let kind = match finding.kind {
            FindingKind::Phone => FieldType::Phone,
            FindingKind::Email => FieldType::Email,
            FindingKind::IdNumber | FindingKind::BankCard => FieldType::IdNumber,
            FindingKind::Passport | FindingKind::Plate => FieldType::Text,
        };
        out.push_str(&mask(kind, &text[finding.range.clone()]));
        at = finding.range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn personal_data_is_found_and_look_alikes_are_not() {
        let text = "王总电话13812345678，邮箱 wang@example.com，证件11010519491231002X，卡6222020000000000000，车牌沪A12345。订单2026112300001138123456789";
        let kinds: Vec<FindingKind> = detect(text).into_iter().map(|f| f.kind).collect();
        assert!(
            kinds.starts_with(&[FindingKind::Phone, FindingKind::Email, FindingKind::IdNumber]),
            "{kinds:?}"
        );
        assert!(kinds.contains(&FindingKind::Plate));
        assert!(!mask_text(text).contains("13812345678，"));
        assert!(detect("编号99138123456780").is_empty());
    }

    proptest! {
        #[test]
        fn detection_never_panics_and_ranges_fit(text in "\\PC{0,80}") {
            let mut end = 0;
            for finding in detect(&text) {
                prop_assert!(finding.range.start >= end && text.get(finding.range.clone()).is_some());
                end = finding.range.end;
            }
        }
    }
}
