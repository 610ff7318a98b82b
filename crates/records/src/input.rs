//! A request's fields turned into typed values, with all complaints collected and the caller's rights checked.

use kernel::condition::Row;
use kernel::{Object, Value};
use policy::{AccessPlan, FieldAccess};
use serde_json::{Map, Value as Json};

use crate::error::{Error, FieldError};

/// Values by position in `object.fields`; `None` means "not in the request".
pub(crate) struct Input {
    pub(crate) values: Vec<Option<Value>>,
    pub(crate) owner: Option<Option<uuid::Uuid>>,
    pub(crate) department: Option<Option<uuid::Uuid>>,
}

impl Input {
    /// Reads the request's map. Unknown fields and fields the caller may not know of answer alike.
    pub(crate) fn parse(object: &Object, plan: &AccessPlan, map: &Map<String, Json>) -> Result<Self, Error> {
        let mut input = Self { values: vec![None; object.fields.len()], owner: None, department: None };
        let mut errors = Vec::new();
        for (name, json) in map {
            if name == "owner" || name == "department" {
                let id = match json {
                    Json::Null => Some(None),
                    Json::String(s) => s.parse().ok().map(Some),
                    _ => None,
                };
                match id {
                    Some(id) if name == "owner" => input.owner = Some(id),
                    Some(id) => input.department = Some(id),
                    None => errors.push(FieldError::new(
                        name,
                        "wrong_type",
                        "give an id from /api/v1/people or /departments",
                    )),
                }
                continue;
            }
            let found = object.fields.iter().enumerate().find(|(_, f)| f.name == *name);
            let Some((i, field)) = found.filter(|(_, f)| plan.best_access(f) > FieldAccess::Hidden) else {
                errors.push(FieldError::new(
                    name,
                    "unknown_field",
                    "there is no such field here; /api/v1/objects lists them",
                ));
                continue;
            };
            match field.parse_json(json) {
                Ok(value) => input.values[i] = Some(value),
                Err(unfit) => errors.push(FieldError::new(name, unfit.key(), explain(unfit))),
            }
        }
        if errors.is_empty() { Ok(input) } else { Err(Error::Invalid(errors)) }
    }

    /// Complains about required fields that are absent; for creating.
    pub(crate) fn require_all(&self, object: &Object) -> Result<(), Error> {
        let errors: Vec<FieldError> = object
            .fields
            .iter()
            .zip(&self.values)
            .filter(|(f, v)| f.required && v.as_ref().is_none_or(Value::is_empty))
            .map(|(f, _)| FieldError::new(&f.name, "required", "this field must have a value"))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    /// Complains about fields that the caller may not write on this row.
    pub(crate) fn check_writable(
        &self,
        object: &Object,
        plan: &AccessPlan,
        row: &dyn Row,
    ) -> Result<(), Error> {
        let rights = plan.on_row(row);
        let errors: Vec<FieldError> = object
            .fields
            .iter()
            .zip(&self.values)
            .enumerate()
            .filter(|(i, (_, v))| v.is_some() && rights.at(*i) < FieldAccess::Write)
            .map(|(_, (f, _))| FieldError::new(&f.name, "not_writable", "you may not change this field here"))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}

/// What to do about a value that does not fit.
pub(crate) fn explain(unfit: kernel::catalog::Unfit) -> &'static str {
    use kernel::catalog::Unfit;
    match unfit {
        Unfit::Required => "this field must have a value",
        Unfit::Type => "the value is not of the field's type",
        Unfit::TooLong => "the text is too long",
        Unfit::NotAnOption => "the value is not one of the field's options",
        Unfit::Phone => "a telephone number has 5 to 20 digits and only + - ( ) # * or spaces besides",
        Unfit::Email => "an e-mail address looks like name@example.com",
        Unfit::IdNumber => "a resident identity number has 18 characters with a right check digit",
        Unfit::Range => "the number is out of range",
        Unfit::Url => "a web address begins with http:// or https://",
    }
}
