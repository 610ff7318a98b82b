//! What went wrong, in Chinese, by the keys of problems and complaints. English stands where a problem is made.

/// A problem's text.
pub(crate) fn problem(key: &str) -> &'static str {
    match key {
        "attempt_over" => "本次登录已超时，请重新登录",
        "bad_credentials" => "账号或密码不正确",
        "bad_proof" => "验证未通过，请重试",
        "bad_query" => "请求的参数或内容不正确，请对照接口说明检查",
        "busy" => "服务器繁忙，请稍后再试",
        "conflict" => "与当前状态冲突，请刷新后重试",
        "cross_site" => "该请求来自其他网站，已被拒绝",
        "device_proof_needed" => "此操作需要在已绑定的设备上完成",
        "forbidden" => "您没有执行此操作的权限，如有需要请联系安全管理员",
        "internal" => "服务器内部错误，原因已记入服务器日志；请重试，如仍出现请把请求编号告知管理员",
        "invalid" => "有内容不符合要求，请检查标出的字段",
        "locked_out" => "登录失败次数过多，请稍后再试",
        "method_not_allowed" => "该地址不支持这种请求方法",
        "must_change_password" => "请先设置您自己的密码",
        "network" | "network_unknown" => "公司不允许从未登记的网络访问，请联系安全管理员",
        "network_role" => "您的角色只能从公司指定的网络访问，请联系安全管理员",
        "network_country" => "不允许从该国家或无法判断的地区访问，请联系安全管理员",
        "no_passkeys_here" => "通行密钥需要主机名：请用服务器的名称而不是 IP 地址打开本系统",
        "no_such_endpoint" => "没有这个接口地址",
        "not_found" => "找不到该内容，它可能已被删除，或者您无权查看",
        "not_signed_in" => "请先登录",
        "outside_branch" => "不在您所管理的部门范围内",
        "over_budget" => "本小时的明文查看额度已用完，请稍后再试或请主管协助",
        "reason_required" => "请填写查看明文的原因（至少 2 个字）",
        "second_factor_required" => "请先设置第二重验证",
        "step_up_required" => "此操作需要您重新验证身份",
        "setup_done" => "系统已完成初始化，请直接登录",
        "setup_needed" => "系统尚未初始化，请在浏览器中打开 /setup",
        "stale" => "该记录刚被他人修改，请重新加载后再试",
        "timeout" => "处理超时，请缩小范围后重试",
        "too_large" => "内容过大，超出上限",
        "too_many_requests" => "请求过于频繁，请稍后再试",
        "unsupported_type" => "不支持的内容类型，请以 application/json 发送",
        _ => UNNAMED_PROBLEM,
    }
}

const UNNAMED_PROBLEM: &str = "请求未能完成，请按英文说明处理或联系管理员";

/// A complaint about one field.
pub(crate) fn field(key: &str) -> &'static str {
    match key {
        "required" => "必填",
        "too_long" => "内容过长",
        "too_short" => "内容过短",
        "too_weak" | "too_common" | "contains_name" => "密码太容易被猜到，请换一个",
        "bad_phone" => "电话号码格式不正确",
        "bad_email" => "邮箱格式不正确",
        "bad_id_number" => "证件号码不正确",
        "bad_url" => "网址格式不正确",
        "bad_login" => "账号只能使用小写字母、数字、点、连字符和下划线",
        "bad_key" => "标识只能使用小写字母、数字和下划线",
        "bad_range" => "网络地址范围不正确",
        "bad_condition" | "bad_operator" | "condition_too_large" => "筛选条件不正确",
        "bad_credentials" => "当前密码不正确",
        "same_password" => "新密码不能与当前密码相同",
        "wrong_code" => "初始化代码不正确，它在服务器启动时打印的地址里",
        "wrong_type" | "null" => "值的类型不正确",
        "out_of_range" => "数值超出范围",
        "not_an_option" | "bad_option" => "不在可选范围内",
        "not_found" => "找不到所指的内容，或者您无权查看",
        "not_writable" | "forbidden" => "您不能修改该字段",
        "not_revealable" => "该字段没有可查看的明文",
        "not_filterable" => "该字段不能用于筛选，请改用搜索",
        "unknown_field" => "没有该字段",
        "use_assign" => "请用“转交”更换负责人",
        "duplicate" => "已存在相同的内容",
        "cycle" => "上级不能是自己或自己的下级",
        "last_administrator" => "至少要保留一位管理员",
        "other_administration" | "separation_of_duties" => {
            "系统、安全、审计三类管理员必须由不同人员担任，且不能兼任业务角色"
        }
        "own_rights" => "不能更改自己的权限",
        "not_yours" => "这不是您的内容",
        "would_lock_you_out" => "这样设置会把您自己挡在外面",
        "no_country_file" => "数据目录中没有国家地址库 geo.mmdb",
        "device_revoked" => "该设备已被停用",
        "break_glass" => "应急账号不能这样使用",
        _ => "此项不符合要求",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(folder: &std::path::Path, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                sources(&entry.path(), out);
            } else {
                out.push(std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }

    #[test]
    fn every_problem_has_its_own_chinese_text() {
        let mut texts = Vec::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
        let mut keys = std::collections::BTreeSet::new();
        for text in &texts {
            for after in text.split("StatusCode::").skip(1) {
                let rest = after.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '_');
                let Some(rest) = rest.strip_prefix(',') else { continue };
                let quoted = rest.trim_start().strip_prefix('"').and_then(|r| r.split('"').next());
                if let Some(key) = quoted.filter(|key| crate::address::is_name(key)) {
                    keys.insert(key.to_owned());
                }
            }
        }
        assert!(keys.len() > 20, "{keys:?}");
        for key in keys {
            assert_ne!(problem(&key), UNNAMED_PROBLEM, "{key}");
        }
    }
}
