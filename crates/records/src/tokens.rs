//! Tokens of the full-text index: bigrams for Chinese, whole words for Latin, made here and not by the engine.
//!
//! Every token starts with a letter that names its field, so that a field which the caller may not read cannot
//! match (DESIGN 8). Bigrams give full recall for any two characters or more, names included, without a
//! dictionary (docs/decisions/0003).

use kernel::Object;

/// Longest Latin or digit word that is kept; longer ones are cut here and at query time alike.
const MAX_WORD: usize = 32;
/// Most tokens of one field: bounds what one message can add to the index (about 20,000 characters).
pub const MAX_TOKENS: usize = 20_000;

/// The letter of a field in tokens: its position among the object's fields.
#[must_use]
pub fn field_letter(object: &Object, field: &str) -> Option<char> {
    let position = object.fields.iter().position(|f| f.name == field)?;
    // 'a'..='z' then Latin-1 letters beyond ASCII: never a digit, never a separator of the ascii tokenizer.
    let position = u32::try_from(position).ok()?;
    if position < 26 {
        char::from_u32(u32::from('a') + position)
    } else {
        char::from_u32(0xe0 + position - 26)
    }
}

/// A run of one script.
#[derive(Debug, PartialEq, Eq, Clone)]
enum Run {
    /// Chinese, Japanese, Korean and everything else without word breaks.
    Dense(Vec<char>),
    /// Letters and digits.
    Word(String),
}

/// Lower case, full width to half width: the form in which text is indexed, searched and compared.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn runs(text: &str) -> Vec<Run> {
    let mut out = Vec::new();
    let (mut dense, mut word) = (Vec::new(), String::new());
    let flush = |dense: &mut Vec<char>, word: &mut String, out: &mut Vec<Run>| {
        if !dense.is_empty() {
            out.push(Run::Dense(std::mem::take(dense)));
        }
        if !word.is_empty() {
            out.push(Run::Word(std::mem::take(word).chars().take(MAX_WORD).collect()));
        }
    };
    for c in normalise(text).chars() {
        if c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !is_dense(c)) {
            if !dense.is_empty() {
                flush(&mut dense, &mut word, &mut out);
            }
            word.push(c);
        } else if c.is_alphanumeric() {
            if !word.is_empty() {
                flush(&mut dense, &mut word, &mut out);
            }
            dense.push(c);
        } else {
            flush(&mut dense, &mut word, &mut out);
        }
    }
    flush(&mut dense, &mut word, &mut out);
    out
}

fn is_dense(c: char) -> bool {
    matches!(u32::from(c), 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// Appends the tokens of one field to an index document.
pub fn index(letter: char, text: &str, out: &mut String) {
    let mut left = MAX_TOKENS;
    let mut push = |token: &[char], left: &mut usize| {
        if *left > 0 {
            *left -= 1;
            out.push(letter);
            out.extend(token);
            out.push(' ');
        }
    };
    for run in runs(text) {
        match run {
            Run::Word(w) => push(&w.chars().collect::<Vec<_>>(), &mut left),
            Run::Dense(chars) if chars.len() == 1 => push(&chars, &mut left),
            Run::Dense(chars) => {
                for pair in chars.windows(2) {
                    push(pair, &mut left);
                }
                // The last character alone, so that a one-character query finds it as a prefix too.
                push(&chars[chars.len() - 1..], &mut left);
            }
        }
    }
}

/// One term of a query: an exact token or, for a word or a single character, a prefix.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    /// Without the field letter.
    pub text: String,
    /// Matches every token that starts so.
    pub prefix: bool,
}

/// The terms that a document's field must all contain.
#[must_use]
pub fn query(text: &str) -> Vec<Term> {
    let mut out = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(text) => out.push(Term { text, prefix: true }),
            Run::Dense(chars) if chars.len() == 1 => {
                out.push(Term { text: chars.iter().collect(), prefix: true });
            }
            Run::Dense(chars) => {
                out.extend(chars.windows(2).map(|pair| Term { text: pair.iter().collect(), prefix: false }));
            }
        }
    }
    out
}

/// Exact terms of one field that the index is asked for, the rarest: the check against the text asks for all.
const MOST_TERMS: usize = 3;

/// The FTS5 expression for the terms in any of the fields: words, and the rarest pairs, within one field. Leaving
/// terms out loses nothing, for hits are checked against the text. `frequency` says how many documents hold a token.
#[must_use]
pub fn expression(letters: &[char], terms: &[Term], frequency: impl Fn(&str) -> u32) -> Option<String> {
    if letters.is_empty() || terms.is_empty() {
        return None;
    }
    let of_field = |letter: &char| {
        let (words, mut pairs): (Vec<&Term>, Vec<&Term>) = terms.iter().partition(|t| t.prefix);
        pairs.sort_by_cached_key(|t| frequency(&format!("{letter}{}", t.text)));
        pairs.truncate(MOST_TERMS);
        let asked = pairs.into_iter().chain(words);
        let parts: Vec<String> =
            asked.map(|t| format!("\"{letter}{}\"{}", t.text, if t.prefix { "*" } else { "" })).collect();
        format!("({})", parts.join(" AND "))
    };
    let fields: Vec<String> = letters.iter().map(of_field).collect();
    Some(format!("({})", fields.join(" OR ")))
}

/// Whether the text really contains what was asked for: bigrams alone may match scattered pairs.
#[must_use]
pub fn contains_all(text: &str, query: &str) -> bool {
    let text = normalise(text);
    runs(query).iter().all(|run| match run {
        Run::Word(w) => text.contains(w.as_str()),
        Run::Dense(chars) => text.contains(&chars.iter().collect::<String>()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(text: &str) -> String {
        let mut out = String::new();
        index('a', text, &mut out);
        out
    }

    #[test]
    fn a_two_character_name_is_one_token() {
        assert_eq!(doc("张伟"), "a张伟 a伟 ");
        assert_eq!(query("张伟"), vec![Term { text: "张伟".into(), prefix: false }]);
    }

    #[test]
    fn mixed_text_splits_by_script() {
        assert_eq!(doc("ＡＢＢ中国-2026"), "aabb a中国 a国 a2026 ");
    }

    #[test]
    fn a_query_never_carries_syntax_into_the_index() {
        let terms = query("\") OR (b* NEAR");
        let expression = expression(&['a'], &terms, |_| 0).unwrap();
        assert_eq!(expression, "((\"aor\"* AND \"ab\"* AND \"anear\"*))");
    }

    #[test]
    fn the_rarest_pairs_are_asked_for() {
        let common = ["a上海", "a科技", "a有限", "a限公", "a公司"];
        let asked = expression(&['a'], &query("上海远山科技有限公司 abc"), |token| {
            if common.contains(&token) { 900 } else { u32::from(token == "a远山") }
        });
        assert_eq!(asked.unwrap(), "((\"a海远\" AND \"a山科\" AND \"a技有\" AND \"aabc\"*))");
    }

    #[test]
    fn scattered_pairs_are_not_a_match() {
        assert!(!contains_all("上海与海上", "上海上"));
        assert!(contains_all("华东上海分公司", "上海"));
    }
}
