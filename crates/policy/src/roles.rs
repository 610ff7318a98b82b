//! Roles, and which of them one person may not hold together.

use kernel::catalog::Label;
use serde::{Deserialize, Serialize};

/// A role that people may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Stable key, named by rules.
    pub key: String,
    /// What people call it.
    pub name: Label,
    /// What it is for.
    pub description: Label,
    /// One of the three administrations (三员).
    #[serde(default)]
    pub administration: bool,
    /// Came with the product.
    #[serde(default)]
    pub builtin: bool,
}

/// The three administrations: none sees customer data by office, nobody holds two (三员分立).
pub const ADMINISTRATIONS: [&str; 3] = ["system", "security", "audit"];

/// The role of the break-glass account, and of nobody else.
pub const BREAK_GLASS: &str = "break_glass";

/// The role of the break-glass account. It stands for two administrations at once, which nobody else may: it opens with
/// two custodians only, for an hour, and everything it does alarms.
#[must_use]
pub fn break_glass_role() -> Role {
    Role {
        key: BREAK_GLASS.to_owned(),
        name: Label::new("应急账户", "Break glass"),
        description: Label::new(
            "封存的应急管理账户：两名保管人同时开启，限时一小时，全程告警；不接触客户数据。",
            "A sealed emergency administrator: two custodians open it, for an hour, and everything it does alarms; no customer data.",
        ),
        administration: true,
        builtin: true,
    }
}

/// Whether the role is one of the three administrations, or the break-glass account's, which stands for two of them.
#[must_use]
pub fn administration(role: &str) -> bool {
    role == BREAK_GLASS || ADMINISTRATIONS.contains(&role)
}

/// Two roles that one person may not hold together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody may hold {0} together with {1}: give them to two people")]
pub struct SeparationOfDuties(pub String, pub String);

impl SeparationOfDuties {
    /// Stable key for texts in both languages.
    #[must_use]
    pub fn key(&self) -> &'static str {
        "separation_of_duties"
    }
}

/// Checks that one person may hold these roles together: an administration stands alone.
///
/// # Errors
/// The administration and the other role.
pub fn separation_of_duties<R: AsRef<str>>(roles: &[R]) -> Result<(), SeparationOfDuties> {
    let Some(office) = roles.iter().map(AsRef::as_ref).find(|r| administration(r)) else { return Ok(()) };
    match roles.iter().map(AsRef::as_ref).find(|r| *r != office) {
        Some(other) => Err(SeparationOfDuties(office.to_owned(), other.to_owned())),
        None => Ok(()),
    }
}

/// The roles of a new workspace.
#[must_use]
pub fn starter_roles() -> Vec<Role> {
    let role = |key: &str, name: (&str, &str), description: (&str, &str)| Role {
        key: key.to_owned(),
        name: Label::new(name.0, name.1),
        description: Label::new(description.0, description.1),
        administration: administration(key),
        builtin: true,
    };
    vec![
        role(
            "sales",
            ("销售代表", "Sales"),
            (
                "负责自己的客户：跟进、记录沟通、推进商机；联系方式显示掩码，查看明文须说明理由。",
                "Looks after their own customers; contact details are masked, and seeing them in full takes a reason.",
            ),
        ),
        role(
            "service",
            ("客户服务", "Customer service"),
            (
                "查看全部客户和联系人，记录沟通和任务；联系方式显示掩码，看不到商机金额。",
                "Sees all customers and contacts with contact details masked, records communications and tasks; no deal amounts.",
            ),
        ),
        role(
            "manager",
            ("部门主管", "Manager"),
            (
                "管理本部门及下级部门的全部客户：分配、导入、导出、删除。",
                "Manages all customers of their department and those below: assigns, imports, exports, deletes.",
            ),
        ),
        role(
            "system",
            ("系统管理员", "System administrator"),
            (
                "管理人员、部门和系统设置；不因职务接触客户数据。",
                "Administers people, departments and settings; sees no customer data by office.",
            ),
        ),
        role(
            "security",
            ("安全管理员", "Security administrator"),
            (
                "分配角色、管理权限规则、查看审计记录；不因职务接触客户数据。",
                "Gives roles, administers rules, reads the ledger; sees no customer data by office.",
            ),
        ),
        role(
            "audit",
            ("审计管理员", "Auditor"),
            (
                "查看和验证审计账本；不因职务接触客户数据，也不能更改任何设置。",
                "Reads and verifies the ledger; sees no customer data by office and changes nothing.",
            ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administration_stands_alone() {
        assert!(separation_of_duties(&["sales", "manager"]).is_ok());
        assert!(separation_of_duties(&["audit"]).is_ok());
        assert!(separation_of_duties(&["audit", "audit"]).is_ok());
        assert!(separation_of_duties::<&str>(&[]).is_ok());
        for pair in [
            ["system", "security"],
            ["audit", "system"],
            ["security", "sales"],
            ["custom", "audit"],
            [BREAK_GLASS, "sales"],
        ] {
            assert_eq!(separation_of_duties(&pair).unwrap_err().key(), "separation_of_duties");
        }
    }
}
