//! Masks: what lists show of a restricted value. Made when the value is written.

use kernel::FieldType;

fn stars(n: usize) -> String {
    "*".repeat(n)
}

/// Keeps the first and last characters, never more than half of the text.
fn keep(text: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut first, mut last) = (first, last);
    while first + last > chars.len() / 2 && first + last > 0 {
        if last >= first { last -= 1 } else { first -= 1 }
    }
    let hidden = chars.len() - first - last;
    let head: String = chars[..first].iter().collect();
    let tail: String = chars[chars.len() - last..].iter().collect();
    format!("{head}{}{tail}", stars(hidden.clamp(1, 12)))
}

/// The mask of a value of this kind.
#[must_use]
pub fn mask(kind: FieldType, value: &str) -> String {
    let text = value.trim();
    match kind {
        FieldType::Phone => {
            let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
            if digits.len() >= 11 {
                let tail: String = digits[digits.len() - 4..].iter().collect();
                let head: String = digits[digits.len() - 11..digits.len() - 8].iter().collect();
                format!("{head}****{tail}")
            } else {
                keep(&digits.iter().collect::<String>(), 0, 4)
            }
        }
        FieldType::Email => match text.rsplit_once('@') {
            Some((local, domain)) => {
                format!(
                    "{}***@{domain}",
                    local
                        .chars()
                        .next()
                        .filter(|_| local.chars().count() > 1)
                        .map_or(String::new(), String::from)
                )
            }
            None => keep(text, 1, 0),
        },
        FieldType::IdNumber => keep(text, 3, 4),
        FieldType::Address => {
            // Province and city, not the street.
            let head: String = text.chars().take(6.min(text.chars().count() / 2)).collect();
            format!("{head}****")
        }
        FieldType::Text if text.contains('@') => text
            .split([',', ';', ' '])
            .filter(|p| !p.is_empty())
            .map(|p| mask(FieldType::Email, p))
            .collect::<Vec<_>>()
            .join(", "),
        _ => keep(text, 1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn masks_look_as_people_know_them() {
        assert_eq!(mask(FieldType::Phone, "+86 138-1234-5678"), "138****5678");
        assert_eq!(mask(FieldType::Email, "zhang.wei@example.com"), "z***@example.com");
        assert_eq!(mask(FieldType::IdNumber, "11010519491231002X"), "110***********002X");
        assert_eq!(mask(FieldType::Address, "上海市浦东新区世纪大道100号"), "上海市浦东新****");
        assert_eq!(mask(FieldType::Text, "wxid_abc"), "w******c");
    }

    proptest! {
        #[test]
        fn a_phone_mask_never_shows_more_than_seven_digits(digits in "[0-9]{5,20}") {
            let shown = mask(FieldType::Phone, &digits).chars().filter(char::is_ascii_digit).count();
            prop_assert!(shown <= 7 && shown < digits.len());
        }
        #[test]
        fn a_mask_of_text_hides_at_least_half(text in "\\PC{1,40}") {
            let trimmed = text.trim();
            prop_assume!(!trimmed.is_empty() && !trimmed.contains('*') && !trimmed.contains('@'));
            let shown = mask(FieldType::Text, trimmed).chars().filter(|c| *c != '*').count();
            prop_assert!(shown * 2 <= trimmed.chars().count());
        }
    }
}
