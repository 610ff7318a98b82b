//! Normal forms: what counts as "the same" phone, address, number or name.

use kernel::FieldType;

fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The normal form of a value for exact matching; `None` when nothing is left.
#[must_use]
pub fn normalise(kind: FieldType, value: &str) -> Option<String> {
    let text: String = value.trim().chars().map(half_width).collect();
    let text = match kind {
        FieldType::Phone => {
            // An extension ("转", "#") tells desks apart: it stays, after the number.
            let digits: String = text
                .chars()
                .filter_map(|c| match c {
                    c if c.is_ascii_digit() => Some(c),
                    '转' | '#' => Some('#'),
                    _ => None,
                })
                .collect();
            let digits = digits.strip_prefix("0086").unwrap_or(&digits);
            match digits.strip_prefix("86") {
                Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest.to_owned(),
                _ => digits.to_owned(),
            }
        }
        FieldType::IdNumber => text.to_ascii_uppercase().replace(' ', ""),
        _ => text.to_lowercase(),
    };
    if text.is_empty() { None } else { Some(text) }
}

/// Legal forms and the like, longest first.
const FORMS: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "分公司",
    "总公司",
    "集团",
    "公司",
    "co.ltd",
    "coltd",
    "inc",
    "ltd",
    "llc",
];
const REGIONS: &[&str] = &[
    "北京",
    "上海",
    "天津",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
    "台湾",
    "深圳",
    "广州",
    "杭州",
    "南京",
    "苏州",
    "成都",
    "武汉",
    "西安",
    "青岛",
    "宁波",
    "厦门",
];

/// What is left of a name without width, case, punctuation, region and legal form; `None` when nothing is.
#[must_use]
pub(crate) fn name_core(name: &str) -> Option<String> {
    let full: String =
        name.chars().map(half_width).flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
    let mut core = full.as_str();
    for form in FORMS {
        if let Some(rest) = core.strip_suffix(form) {
            core = rest;
            break;
        }
    }
    if core.len() != full.len() {
        // Only companies lose their region: a person may be called 上海.
        for region in REGIONS {
            if let Some(rest) = core.strip_prefix(region) {
                core = rest.trim_start_matches(['省', '市']);
                break;
            }
        }
    }
    let core = if core.is_empty() { full.as_str() } else { core };
    if core.is_empty() { None } else { Some(core.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_written_many_ways_is_one_number() {
        for written in ["138 1234 5678", "+86 138-1234-5678", "００８６13812345678", "8613812345678"] {
            assert_eq!(normalise(FieldType::Phone, written).as_deref(), Some("13812345678"), "{written}");
        }
        assert_ne!(normalise(FieldType::Phone, "021-5555转1"), normalise(FieldType::Phone, "021-5555转2"));
    }

    #[test]
    fn near_names_share_their_core() {
        assert_eq!(name_core("上海华信科技有限公司"), name_core("华信科技（集团）"));
        assert_eq!(name_core("上海市华信科技股份有限公司"), name_core("华信科技有限公司"));
        assert_ne!(name_core("华信科技有限公司"), name_core("华兴科技有限公司"));
        assert_eq!(name_core("公司").as_deref(), Some("公司"));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,30}") {
            for kind in [FieldType::Phone, FieldType::Email, FieldType::IdNumber] {
                if let Some(once) = normalise(kind, &text) {
                    prop_assert_eq!(normalise(kind, &once), Some(once));
                }
            }
        }
    }
}
