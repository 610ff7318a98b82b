//! Cells as people and spreadsheets write them: dates and amounts that can be read in one way only.

use kernel::Timestamp;
use kernel::time::parse_date;

/// Where a time without a zone is meant: China has one.
const ZONE_S: i64 = 8 * 3_600;
/// Excel counts days from here (its own 29 February 1900 never was).
const EXCEL_EPOCH: i64 = -25_569;
/// Excel's numbers for 1954 to 2099: outside, a bare number is more likely something else.
const EXCEL_DAYS: std::ops::RangeInclusive<i64> = 20_000..=73_050;

/// Half width, without space at the ends.
fn plain(text: &str) -> String {
    let half = |c: char| match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).collect::<String>().trim().to_owned()
}

/// Days since 1970. Year first, however separated; or Excel's number. A day or month first would be a guess.
pub(crate) fn day(text: &str) -> Option<i64> {
    let text = plain(text);
    let (day, rest) = leading_day(&text)?;
    // A list exported from a spreadsheet often has midnight behind every date.
    if rest.is_empty() || seconds_of_day(rest.trim_start_matches('T').trim()) == Some(0) {
        Some(day)
    } else {
        None
    }
}

/// A moment: RFC 3339, or a date with or without a time of China.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let text = plain(text);
    if text.contains('T')
        && let Some(at) = Timestamp::parse(&text)
    {
        return Some(at);
    }
    if let Some(at) = excel_moment(&text) {
        return Some(at);
    }
    let (day, rest) = leading_day(&text)?;
    let rest = rest.strip_prefix('T').unwrap_or(rest).trim();
    let seconds = if rest.is_empty() { 0 } else { seconds_of_day(rest)? };
    Some(Timestamp::from_day(day).plus_seconds(seconds - ZONE_S))
}

/// `46027.545`: days since Excel's epoch with the time as a fraction.
fn excel_moment(text: &str) -> Option<Timestamp> {
    let (days, fraction) = text.split_once('.')?;
    let digits = !fraction.is_empty() && fraction.len() <= 15 && fraction.bytes().all(|b| b.is_ascii_digit());
    let day = excel_day(days).filter(|_| digits)?;
    let part: f64 = format!("0.{fraction}").parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "less than a day's seconds")]
    let seconds = (part * 86_400.0).round() as i64;
    Some(Timestamp::from_day(day).plus_seconds(seconds - ZONE_S))
}

fn excel_day(text: &str) -> Option<i64> {
    let number: i64 =
        text.parse().ok().filter(|_| text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()))?;
    EXCEL_DAYS.contains(&number).then_some(number + EXCEL_EPOCH)
}

/// The date at the beginning, and what follows.
fn leading_day(text: &str) -> Option<(i64, &str)> {
    if let Some(day) = excel_day(text) {
        return Some((day, ""));
    }
    let (year, rest) = number(text)?;
    if year.len() == 8 {
        return Some((ymd(&year[..4], &year[4..6], &year[6..])?, rest.trim_start()));
    }
    let rest = rest.trim_start();
    let mark = rest.chars().next()?;
    if year.len() != 4 || !matches!(mark, '-' | '/' | '.' | '年') {
        return None;
    }
    let (month, rest) = number(rest[mark.len_utf8()..].trim_start())?;
    let between = if mark == '年' { '月' } else { mark };
    let (day, rest) = number(rest.trim_start().strip_prefix(between)?.trim_start())?;
    let rest = if mark == '年' { rest.trim_start().strip_prefix(['日', '号'])? } else { rest };
    // "2026-1-50" is no 5 January with something behind.
    if mark != '年' && rest.starts_with(|c: char| c.is_alphanumeric() && c != 'T' && c != '上' && c != '下')
    {
        return None;
    }
    Some((ymd(year, month, day)?, rest.trim_start()))
}

fn ymd(year: &str, month: &str, day: &str) -> Option<i64> {
    if month.len() > 2 || day.len() > 2 || !("1900"..="2200").contains(&year) {
        return None;
    }
    parse_date(&format!("{year}-{month:0>2}-{day:0>2}"))
}

/// The digits at the beginning, and what follows.
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// `13:04`, `13:04:05`, `下午1:04`, `13时04分`.
fn seconds_of_day(text: &str) -> Option<i64> {
    let (half, text) = match text.strip_prefix("下午") {
        Some(rest) => (Some(true), rest),
        None => text.strip_prefix("上午").map_or((None, text), |rest| (Some(false), rest)),
    };
    let text: String = text
        .trim()
        .chars()
        .filter(|c| *c != '秒' && *c != ' ')
        .map(|c| if matches!(c, '时' | '点' | '分') { ':' } else { c })
        .collect();
    let text = text.strip_suffix(':').unwrap_or(&text);
    let mut parts = text.split(':').map(|part| {
        let part = part.strip_suffix(".000").or_else(|| part.strip_suffix(".0")).unwrap_or(part);
        part.parse::<i64>().ok().filter(|_| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
    });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(after) => hour % 12 + if after { 12 } else { 0 },
        None => hour,
    };
    (hour < 24 && minute < 60 && second < 60 && parts.next().is_none())
        .then_some(hour * 3_600 + minute * 60 + second)
}

/// Yuan in fen: currency signs and thousands separators allowed, `1.2万` too. More than two decimals, or a comma
/// that separates no thousands, would be a guess.
pub(crate) fn amount(text: &str) -> Option<i64> {
    let plain = plain(text);
    let bare =
        plain.trim_start_matches("人民币").trim_start_matches("RMB").trim_start_matches("CNY").trim_start();
    let (negative, bare) = bare.strip_prefix('-').map_or((false, bare), |rest| (true, rest));
    let bare = bare.trim_start_matches(['¥', '￥']).trim();
    let (negative, bare) = bare.strip_prefix('-').map_or((negative, bare), |rest| (true, rest));
    let bare = bare.strip_suffix('元').unwrap_or(bare).trim_end();
    let (bare, ten_thousands) = bare.strip_suffix('万').map_or((bare, false), |rest| (rest.trim_end(), true));
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let most = if ten_thousands { 6 } else { 2 };
    if fraction.len() > most || !digits(fraction) || (fraction.is_empty() && bare.ends_with('.')) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().filter(|g| !g.is_empty() && digits(g))?;
    let mut joined = first.to_owned();
    let mut separated = false;
    for group in groups {
        if group.len() != 3 || !digits(group) {
            return None;
        }
        joined.push_str(group);
        separated = true;
    }
    if separated && first.len() > 3 {
        return None;
    }
    joined.push_str(&format!("{fraction:0<most$}"));
    let fen: i64 = joined.parse().ok()?;
    Some(if negative { -fen } else { fen })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_one_way_or_not_at_all() {
        let fifth = parse_date("2026-01-05");
        for written in [
            "2026-01-05",
            "2026-1-5",
            "2026/1/5",
            "2026.01.05",
            "20260105",
            "2026年1月5日",
            "2026年01月05号",
            "２０２６年１月５日",
            " 2026/01/05 ",
            "2026 年 1 月 5 日",
            "46027",
            "2026/1/5 0:00:00",
            "2026-01-05T00:00:00",
        ] {
            assert_eq!(day(written), fifth, "{written}");
        }
        for guess in [
            "1/5/2026",
            "05-01-2026",
            "26-1-5",
            "2026-13-01",
            "2026-02-30",
            "2026-1-50",
            "2026/1-5",
            "2026年1月",
            "123456",
            "4602",
            "99999",
            "2026-1-5 13:04",
            "昨天",
            "2026",
            "1.5",
            "",
        ] {
            assert_eq!(day(guess), None, "{guess}");
        }
    }

    #[test]
    fn moments_without_a_zone_are_meant_in_china() {
        let at = Timestamp::parse("2026-01-05T05:04:00Z");
        for written in [
            "2026-01-05 13:04",
            "2026/1/5 13:04:00",
            "2026年1月5日 13时04分",
            "2026年1月5日13:04",
            "2026-01-05T13:04:00+08:00",
            "2026-01-05T05:04:00Z",
            "2026/1/5 下午1:04",
            "2026-01-05T13:04",
            "46027.54444444444",
        ] {
            assert_eq!(moment(written), at, "{written}");
        }
        assert_eq!(moment("2026/1/5"), Timestamp::parse("2026-01-04T16:00:00Z"));
        assert_eq!(moment("2026-1-5 上午12:00"), Timestamp::parse("2026-01-04T16:00:00Z"));
        for wrong in [
            "2026-01-05 25:00",
            "2026-01-05 下午13:00",
            "2026-01-05 13",
            "2026-01-05 13:4:5:6",
            "13:04",
            "46027.",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn amounts_are_read_exactly() {
        for (written, fen) in [
            ("12345.6", 1_234_560),
            ("¥12,345.60", 1_234_560),
            ("￥ 12，345.6", 1_234_560),
            ("12,345.6元", 1_234_560),
            ("-0.05", -5),
            ("¥-0.05", -5),
            ("1.2万", 1_200_000),
            ("3万元", 3_000_000),
            ("1.234567万", 1_234_567),
            ("人民币100", 10_000),
            ("0", 0),
        ] {
            assert_eq!(amount(written), Some(fen), "{written}");
        }
        for guess in [
            "1.005",
            "12,34",
            "1234,567",
            "1,2345",
            "12.3.4",
            "$5",
            "约100",
            "",
            ".5",
            "5.",
            "1e3",
            "9999999999999999999",
        ] {
            assert_eq!(amount(guess), None, "{guess}");
        }
    }
}
