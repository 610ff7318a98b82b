//! Column names people use, and the fields they mean.

const NAMES: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "name",
            "姓名",
            "名称",
            "客户名称",
            "客户",
            "公司名称",
            "公司",
            "企业名称",
            "联系人",
            "联系人姓名",
            "fullname",
            "customer",
            "company",
        ],
    ),
    ("customer_name", &["所属客户", "所属公司", "customername", "companyname", "客户全称", "单位"]),
    ("kind", &["kind", "类型", "客户类型", "type"]),
    ("level", &["level", "级别", "等级", "客户级别", "客户等级"]),
    ("stage", &["stage", "阶段", "客户阶段", "状态"]),
    ("industry", &["industry", "行业", "所属行业"]),
    ("source", &["source", "来源", "客户来源"]),
    ("region", &["region", "地区", "省份", "区域", "省", "province"]),
    (
        "phone",
        &[
            "phone",
            "电话",
            "手机",
            "手机号",
            "手机号码",
            "联系电话",
            "电话号码",
            "mobile",
            "telephone",
            "tel",
        ],
    ),
    ("email", &["email", "邮箱", "电子邮箱", "电子邮件", "邮件", "mail", "emailaddress"]),
    ("id_number", &["idnumber", "身份证", "身份证号", "身份证号码", "证件号码", "证件号"]),
    ("credit_code", &["creditcode", "统一社会信用代码", "信用代码"]),
    ("address", &["address", "地址", "联系地址", "公司地址"]),
    ("website", &["website", "网站", "网址", "主页", "url"]),
    ("note", &["note", "备注", "说明", "notes", "remark", "remarks"]),
    (
        "next_contact_at",
        &["nextcontact", "nextcontactat", "下次联系", "下次联系时间", "下次跟进", "下次跟进时间"],
    ),
    (
        "last_contact_at",
        &["lastcontact", "lastcontactat", "最近联系", "最近联系时间", "上次联系", "最后联系时间", "最近跟进"],
    ),
    ("title", &["title", "职位", "职务", "头衔", "jobtitle"]),
    ("wechat", &["wechat", "微信", "微信号"]),
    ("role", &["role", "角色"]),
    ("primary", &["primary", "主要联系人", "首要联系人"]),
];

/// The field that a column most likely is.
pub(crate) fn suggest(header: &str) -> Option<&'static str> {
    let plain: String = header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field)
}
