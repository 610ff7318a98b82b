//! The built-in objects: customer, contact, deal, communication, task. Plain data in the same catalog as objects made without code.

use crate::catalog::{Catalog, Choice, Class, Field, FieldType, Label, Object};

fn field(name: &str, zh: &str, en: &str, kind: FieldType, class: Class) -> Field {
    Field {
        name: name.to_owned(),
        label: Label::new(zh, en),
        kind,
        class,
        required: false,
        target: None,
        options: Vec::new(),
        max_length: None,
        blind: false,
        searchable: false,
        sortable: false,
        system: false,
    }
}

/// `(value, Chinese, English, colour or "")`.
fn choices(list: &[(&str, &str, &str, &str)]) -> Vec<Choice> {
    list.iter()
        .map(|(value, zh, en, color)| Choice {
            value: (*value).to_owned(),
            label: Label::new(zh, en),
            color: (!color.is_empty()).then(|| (*color).to_owned()),
        })
        .collect()
}

/// The catalog of a new workspace.
#[must_use]
pub fn catalog() -> Catalog {
    Catalog::new(vec![customer(), contact(), deal(), communication(), task()])
}

fn customer() -> Object {
    Object {
        name: "customer".to_owned(),
        label: Label::new("客户", "Customer"),
        label_plural: Label::new("客户", "Customers"),
        title_field: "name".to_owned(),
        parent: None,
        fields: vec![
            Field {
                required: true,
                searchable: true,
                max_length: Some(200),
                ..field("name", "客户名称", "Name", FieldType::Text, Class::Confidential)
            },
            Field {
                options: choices(&[
                    ("company", "企业", "Company", "blue"),
                    ("person", "个人", "Person", "cyan"),
                ]),
                ..field("kind", "类型", "Kind", FieldType::Select, Class::Open)
            },
            Field {
                sortable: true,
                options: choices(&[
                    ("a", "A 重点", "A key", "red"),
                    ("b", "B 重要", "B important", "orange"),
                    ("c", "C 普通", "C normal", "blue"),
                    ("d", "D 观察", "D watch", "default"),
                ]),
                ..field("level", "级别", "Level", FieldType::Select, Class::Open)
            },
            Field {
                sortable: true,
                options: choices(&[
                    ("lead", "线索", "Lead", "default"),
                    ("contacted", "已联系", "Contacted", "cyan"),
                    ("qualified", "已确认需求", "Qualified", "blue"),
                    ("active", "合作中", "Active", "green"),
                    ("dormant", "沉睡", "Dormant", "gold"),
                    ("lost", "流失", "Lost", "red"),
                ]),
                ..field("stage", "阶段", "Stage", FieldType::Select, Class::Open)
            },
            Field {
                options: choices(&[
                    ("manufacturing", "制造业", "Manufacturing", ""),
                    ("software", "软件与互联网", "Software & internet", ""),
                    ("retail", "批发零售", "Retail & wholesale", ""),
                    ("finance", "金融", "Finance", ""),
                    ("healthcare", "医疗健康", "Healthcare", ""),
                    ("education", "教育", "Education", ""),
                    ("logistics", "物流运输", "Logistics", ""),
                    ("construction", "建筑地产", "Construction & property", ""),
                    ("energy", "能源化工", "Energy & chemicals", ""),
                    ("agriculture", "农业食品", "Agriculture & food", ""),
                    ("government", "政府与公共事业", "Public sector", ""),
                    ("other", "其他", "Other", ""),
                ]),
                ..field("industry", "行业", "Industry", FieldType::Select, Class::Open)
            },
            Field {
                options: choices(&[
                    ("referral", "客户介绍", "Referral", ""),
                    ("exhibition", "展会", "Exhibition", ""),
                    ("website", "官网咨询", "Website", ""),
                    ("ads", "广告投放", "Advertising", ""),
                    ("cold_call", "陌生拜访", "Cold call", ""),
                    ("partner", "渠道伙伴", "Partner", ""),
                    ("import", "导入", "Import", ""),
                    ("other", "其他", "Other", ""),
                ]),
                ..field("source", "来源", "Source", FieldType::Select, Class::Open)
            },
            Field {
                options: choices(&[
                    ("beijing", "北京", "Beijing", ""),
                    ("shanghai", "上海", "Shanghai", ""),
                    ("tianjin", "天津", "Tianjin", ""),
                    ("chongqing", "重庆", "Chongqing", ""),
                    ("hebei", "河北", "Hebei", ""),
                    ("shanxi", "山西", "Shanxi", ""),
                    ("liaoning", "辽宁", "Liaoning", ""),
                    ("jilin", "吉林", "Jilin", ""),
                    ("heilongjiang", "黑龙江", "Heilongjiang", ""),
                    ("jiangsu", "江苏", "Jiangsu", ""),
                    ("zhejiang", "浙江", "Zhejiang", ""),
                    ("anhui", "安徽", "Anhui", ""),
                    ("fujian", "福建", "Fujian", ""),
                    ("jiangxi", "江西", "Jiangxi", ""),
                    ("shandong", "山东", "Shandong", ""),
                    ("henan", "河南", "Henan", ""),
                    ("hubei", "湖北", "Hubei", ""),
                    ("hunan", "湖南", "Hunan", ""),
                    ("guangdong", "广东", "Guangdong", ""),
                    ("hainan", "海南", "Hainan", ""),
                    ("sichuan", "四川", "Sichuan", ""),
                    ("guizhou", "贵州", "Guizhou", ""),
                    ("yunnan", "云南", "Yunnan", ""),
                    ("shaanxi", "陕西", "Shaanxi", ""),
                    ("gansu", "甘肃", "Gansu", ""),
                    ("qinghai", "青海", "Qinghai", ""),
                    ("inner_mongolia", "内蒙古", "Inner Mongolia", ""),
                    ("guangxi", "广西", "Guangxi", ""),
                    ("tibet", "西藏", "Tibet", ""),
                    ("ningxia", "宁夏", "Ningxia", ""),
                    ("xinjiang", "新疆", "Xinjiang", ""),
                    ("hong_kong", "香港", "Hong Kong", ""),
                    ("macau", "澳门", "Macau", ""),
                    ("taiwan", "台湾", "Taiwan", ""),
                ]),
                ..field("region", "地区", "Region", FieldType::Select, Class::Open)
            },
            Field { blind: true, ..field("phone", "电话", "Phone", FieldType::Phone, Class::Restricted) },
            Field { blind: true, ..field("email", "邮箱", "E-mail", FieldType::Email, Class::Restricted) },
            Field {
                blind: true,
                ..field("id_number", "身份证号", "Resident ID", FieldType::IdNumber, Class::Restricted)
            },
            Field {
                max_length: Some(18),
                ..field("credit_code", "统一社会信用代码", "Credit code", FieldType::Text, Class::Open)
            },
            field("address", "地址", "Address", FieldType::Address, Class::Restricted),
            field("website", "网址", "Website", FieldType::Url, Class::Confidential),
            Field {
                searchable: true,
                ..field("note", "备注", "Note", FieldType::LongText, Class::Confidential)
            },
            Field {
                sortable: true,
                ..field("next_contact_at", "下次联系", "Next contact", FieldType::Datetime, Class::Open)
            },
            Field {
                sortable: true,
                ..field("last_contact_at", "最近联系", "Last contact", FieldType::Datetime, Class::Open)
            },
        ],
    }
}

fn contact() -> Object {
    Object {
        name: "contact".to_owned(),
        label: Label::new("联系人", "Contact"),
        label_plural: Label::new("联系人", "Contacts"),
        title_field: "name".to_owned(),
        parent: Some("customer".to_owned()),
        fields: vec![
            Field {
                target: Some("customer".to_owned()),
                ..field("customer", "客户", "Customer", FieldType::Ref, Class::Open)
            },
            Field {
                required: true,
                searchable: true,
                max_length: Some(100),
                ..field("name", "姓名", "Name", FieldType::Text, Class::Confidential)
            },
            Field {
                searchable: true,
                max_length: Some(100),
                ..field("title", "职务", "Job title", FieldType::Text, Class::Confidential)
            },
            Field { blind: true, ..field("phone", "电话", "Phone", FieldType::Phone, Class::Restricted) },
            Field { blind: true, ..field("email", "邮箱", "E-mail", FieldType::Email, Class::Restricted) },
            Field {
                blind: true,
                max_length: Some(64),
                ..field("wechat", "微信号", "WeChat", FieldType::Text, Class::Restricted)
            },
            Field {
                blind: true,
                ..field("id_number", "身份证号", "Resident ID", FieldType::IdNumber, Class::Restricted)
            },
            Field {
                options: choices(&[
                    ("decision", "决策人", "Decision maker", "red"),
                    ("influencer", "影响者", "Influencer", "orange"),
                    ("user", "使用者", "User", "blue"),
                    ("gatekeeper", "把关人", "Gatekeeper", "purple"),
                    ("other", "其他", "Other", ""),
                ]),
                ..field("role", "决策角色", "Role in decision", FieldType::Select, Class::Open)
            },
            field("primary", "首要联系人", "Primary contact", FieldType::Bool, Class::Open),
            Field {
                searchable: true,
                ..field("note", "备注", "Note", FieldType::LongText, Class::Confidential)
            },
        ],
    }
}

fn deal() -> Object {
    Object {
        name: "deal".to_owned(),
        label: Label::new("商机", "Deal"),
        label_plural: Label::new("商机", "Deals"),
        title_field: "title".to_owned(),
        parent: Some("customer".to_owned()),
        fields: vec![
            Field {
                required: true,
                target: Some("customer".to_owned()),
                ..field("customer", "客户", "Customer", FieldType::Ref, Class::Open)
            },
            Field {
                required: true,
                searchable: true,
                max_length: Some(200),
                ..field("title", "商机名称", "Title", FieldType::Text, Class::Confidential)
            },
            Field {
                sortable: true,
                options: choices(&[
                    ("qualify", "需求确认", "Qualify", "default"),
                    ("visit", "方案沟通", "Visit", "cyan"),
                    ("proposal", "报价", "Proposal", "blue"),
                    ("negotiate", "谈判", "Negotiate", "orange"),
                    ("won", "赢单", "Won", "green"),
                    ("lost", "输单", "Lost", "red"),
                ]),
                ..field("stage", "阶段", "Stage", FieldType::Select, Class::Open)
            },
            Field { sortable: true, ..field("amount", "金额", "Amount", FieldType::Money, Class::Open) },
            field("probability", "赢率", "Probability", FieldType::Int, Class::Open),
            Field {
                sortable: true,
                ..field("expected_close", "预计成交", "Expected close", FieldType::Date, Class::Open)
            },
            Field {
                sortable: true,
                ..field("closed_at", "成交时间", "Closed", FieldType::Datetime, Class::Open)
            },
            field("lost_reason", "输单原因", "Lost reason", FieldType::Text, Class::Confidential),
            Field {
                searchable: true,
                ..field("note", "备注", "Note", FieldType::LongText, Class::Confidential)
            },
        ],
    }
}

fn communication() -> Object {
    Object {
        name: "communication".to_owned(),
        label: Label::new("沟通", "Communication"),
        label_plural: Label::new("沟通", "Communications"),
        title_field: "subject".to_owned(),
        parent: Some("customer".to_owned()),
        fields: vec![
            Field {
                target: Some("customer".to_owned()),
                ..field("customer", "客户", "Customer", FieldType::Ref, Class::Open)
            },
            Field {
                target: Some("contact".to_owned()),
                ..field("contact", "联系人", "Contact", FieldType::Ref, Class::Open)
            },
            Field {
                target: Some("deal".to_owned()),
                ..field("deal", "商机", "Deal", FieldType::Ref, Class::Open)
            },
            Field {
                required: true,
                options: choices(&[
                    ("email", "邮件", "E-mail", "blue"),
                    ("call", "电话", "Call", "green"),
                    ("chat", "聊天", "Chat", "cyan"),
                    ("meeting", "会议", "Meeting", "purple"),
                    ("note", "记录", "Note", "gold"),
                ]),
                ..field("channel", "渠道", "Channel", FieldType::Select, Class::Open)
            },
            Field {
                options: choices(&[
                    ("in", "客户发来", "Inbound", ""),
                    ("out", "我方发出", "Outbound", ""),
                    ("internal", "内部", "Internal", ""),
                ]),
                ..field("direction", "方向", "Direction", FieldType::Select, Class::Open)
            },
            Field {
                required: true,
                sortable: true,
                ..field("occurred_at", "发生时间", "When", FieldType::Datetime, Class::Open)
            },
            Field {
                searchable: true,
                max_length: Some(500),
                ..field("subject", "主题", "Subject", FieldType::Text, Class::Confidential)
            },
            Field {
                searchable: true,
                ..field("body", "内容", "Text", FieldType::LongText, Class::Confidential)
            },
            field("duration", "时长", "Duration", FieldType::Duration, Class::Open),
            Field {
                max_length: Some(254),
                ..field("from_address", "发件地址", "From", FieldType::Text, Class::Restricted)
            },
            Field {
                max_length: Some(2000),
                ..field("to_address", "收件地址", "To", FieldType::Text, Class::Restricted)
            },
            Field {
                blind: true,
                max_length: Some(998),
                ..field("message_key", "邮件标识", "Message key", FieldType::Text, Class::Restricted)
            },
            Field {
                options: choices(&[
                    ("matched", "已匹配", "Matched", "green"),
                    ("unmatched", "待匹配", "Unmatched", "orange"),
                ]),
                ..field("status", "匹配状态", "Matching", FieldType::Select, Class::Open)
            },
        ],
    }
}

fn task() -> Object {
    Object {
        name: "task".to_owned(),
        label: Label::new("任务", "Task"),
        label_plural: Label::new("任务", "Tasks"),
        title_field: "title".to_owned(),
        parent: Some("customer".to_owned()),
        fields: vec![
            Field {
                target: Some("customer".to_owned()),
                ..field("customer", "客户", "Customer", FieldType::Ref, Class::Open)
            },
            Field {
                target: Some("deal".to_owned()),
                ..field("deal", "商机", "Deal", FieldType::Ref, Class::Open)
            },
            Field {
                required: true,
                searchable: true,
                max_length: Some(200),
                ..field("title", "任务", "Task", FieldType::Text, Class::Confidential)
            },
            Field {
                sortable: true, ..field("due_at", "截止时间", "Due", FieldType::Datetime, Class::Open)
            },
            field("done_at", "完成时间", "Done", FieldType::Datetime, Class::Open),
            Field {
                options: choices(&[
                    ("open", "进行中", "Open", "blue"),
                    ("done", "已完成", "Done", "green"),
                    ("cancelled", "已取消", "Cancelled", "default"),
                ]),
                ..field("status", "状态", "Status", FieldType::Select, Class::Open)
            },
            Field {
                options: choices(&[
                    ("low", "低", "Low", "default"),
                    ("normal", "普通", "Normal", "blue"),
                    ("high", "高", "High", "orange"),
                    ("urgent", "紧急", "Urgent", "red"),
                ]),
                ..field("priority", "优先级", "Priority", FieldType::Select, Class::Open)
            },
            Field {
                searchable: true,
                ..field("note", "备注", "Note", FieldType::LongText, Class::Confidential)
            },
        ],
    }
}
