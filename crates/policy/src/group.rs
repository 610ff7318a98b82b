//! Dynamic groups (动态组): people for whom a condition over facts about them holds. Nobody is put in or taken out.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kernel::catalog::Label;
use kernel::condition::{Bound, Circle, Facts, Malformed, Operand, Path, Row};
use kernel::{
    Catalog, Class, Condition, DepartmentId, Field, FieldType, GroupId, Object, PersonId, Timestamp, Value,
};
use uuid::Uuid;

use crate::org::{Org, Person};

/// A group in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// The name that others read.
    pub name: String,
    condition: Bound,
}

/// What groups may ask of a person. `department` is any of their departments or one above; all but the location may
/// have several values, of which one must meet the test.
static PERSON: LazyLock<Object> = LazyLock::new(|| {
    let field = |name: &str, zh: &str, en: &str, kind| Field {
        name: name.to_owned(),
        label: Label::new(zh, en),
        kind,
        class: Class::Open,
        required: false,
        target: None,
        options: Vec::new(),
        max_length: None,
        blind: false,
        searchable: false,
        sortable: false,
        system: false,
    };
    Object {
        name: "person".to_owned(),
        label: Label::new("人员", "Person"),
        label_plural: Label::new("人员", "People"),
        title_field: String::new(),
        parent: None,
        fields: vec![
            field("department", "部门（含上级）", "Department (or above)", FieldType::Department),
            field("own_department", "所在部门", "Own department", FieldType::Department),
            field("position", "岗位", "Position", FieldType::Text),
            field("role", "角色", "Role", FieldType::Text),
            field("employment", "用工性质", "Employment", FieldType::Text),
            field("location", "工作地点", "Location", FieldType::Text),
        ],
    }
});

impl Group {
    /// Checks a condition over people.
    ///
    /// # Errors
    /// When it asks for something that is not known of people, or for the moment.
    pub fn new(id: GroupId, name: impl Into<String>, condition: &Condition) -> Result<Self, Malformed> {
        timeless(condition)?;
        if let Some(unknown) =
            condition.fields().into_iter().find(|f| !PERSON.fields.iter().any(|k| k.name == *f))
        {
            return Err(Malformed::UnknownField(unknown));
        }
        let condition = condition.bind(&PERSON, &Catalog::default(), &Nobody)?;
        Ok(Self { id, name: name.into(), condition })
    }

    /// What groups may ask of a person.
    #[must_use]
    pub fn object() -> &'static Object {
        &PERSON
    }

    /// Whether a person with these roles and departments belongs to it.
    pub(crate) fn holds(
        &self,
        org: &Org,
        person: &Person,
        roles: &[String],
        departments: &[DepartmentId],
    ) -> bool {
        let values = Values { org, person, roles, departments };
        any_holds(&self.condition, &values)
    }
}

/// Membership changes only when the company does, so plans may be kept until then.
fn timeless(condition: &Condition) -> Result<(), Malformed> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().try_for_each(timeless),
        Condition::Not(part) => timeless(part),
        Condition::Test { value: Operand::Literal(_), .. } => Ok(()),
        Condition::Test { field, .. } => Err(Malformed::Value(field.clone())),
    }
}

/// A test holds when it holds for one of the values; "not" and "ne" when for none.
fn any_holds(condition: &Bound, values: &Values<'_>) -> bool {
    match condition {
        Bound::All(parts) => parts.iter().all(|p| any_holds(p, values)),
        Bound::Any(parts) => parts.iter().any(|p| any_holds(p, values)),
        Bound::Not(part) => !any_holds(part, values),
        Bound::IsEmpty { path } => values.of(path).is_empty(),
        Bound::Test { path, .. } | Bound::In { path, .. } => {
            values.of(path).into_iter().any(|v| condition.holds(&One(v)))
        }
    }
}

struct Values<'a> {
    org: &'a Org,
    person: &'a Person,
    roles: &'a [String],
    departments: &'a [DepartmentId],
}

impl Values<'_> {
    fn of(&self, path: &Path) -> Vec<Value> {
        let texts = |all: &[String]| all.iter().cloned().map(Value::Text).collect::<Vec<_>>();
        let facts = &self.person.facts;
        match path.field.as_str() {
            "own_department" => self.departments.iter().map(|d| Value::Id(d.0)).collect(),
            "department" => {
                let all = self.departments.iter().flat_map(|d| self.org.ancestors(*d));
                all.collect::<BTreeSet<_>>().into_iter().map(|d| Value::Id(d.0)).collect()
            }
            "position" => texts(&facts.positions),
            "role" => texts(self.roles),
            "employment" => vec![Value::Text(facts.employment.clone())],
            "location" => facts.location.iter().cloned().map(Value::Text).collect(),
            _ => Vec::new(),
        }
    }
}

struct One(Value);

impl Row for One {
    fn value(&self, _: &Path) -> Value {
        self.0.clone()
    }
}

/// Groups are the same for everybody who looks.
struct Nobody;

impl Facts for Nobody {
    fn me(&self) -> Uuid {
        Uuid::nil()
    }

    fn people(&self, _: Circle) -> BTreeSet<Uuid> {
        BTreeSet::new()
    }

    fn departments(&self, _: Circle) -> BTreeSet<Uuid> {
        BTreeSet::new()
    }

    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

impl Org {
    /// The same company with these groups.
    #[must_use]
    pub fn with_groups(mut self, mut groups: Vec<Group>) -> Self {
        groups.sort_by_key(|g| g.id);
        self.groups = groups;
        self
    }

    /// The groups, by id.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// A group by id.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.binary_search_by_key(&id, |g| g.id).ok().map(|i| &self.groups[i])
    }

    /// Whether a person belongs to a group.
    #[must_use]
    pub fn in_group(&self, person: PersonId, group: GroupId) -> bool {
        let (Some(person), Some(group)) = (self.person(person), self.group(group)) else { return false };
        group.holds(self, person, &person.roles, &person.departments)
    }

    /// Everybody who belongs to a group, by id. Looks at every person.
    #[must_use]
    pub fn members(&self, group: &Group) -> Vec<PersonId> {
        let belongs = |p: &&Person| group.holds(self, p, &p.roles, &p.departments);
        self.people().iter().filter(belongs).map(|p| p.id).collect()
    }
}
