//! Reveal: the full value of masked fields, with a reason, counted and recorded (DESIGN 1, 5).

use kernel::{Class, RecordId, Timestamp, Value};
use ledger::{Disclosure, RecordSet};
use policy::{FieldAccess, Permit, Reveal};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use crate::door::Records;
use crate::error::{Error, FieldError};
use crate::payload::decode_restricted;
use crate::shape::open_restricted;

/// Longest reason, in characters.
const MAX_REASON: usize = 500;
/// Shortest reason: one character is no reason.
const MIN_REASON: usize = 2;

/// Full values, and how much of the hour's budget is used.
#[derive(Serialize, ToSchema)]
pub struct Revealed {
    /// The fields in full.
    #[schema(value_type = BTreeMap<String, Option<String>>)]
    values: Map<String, Json>,
    budget: Budget,
}

/// The hour's budget of distinct subjects.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Budget {
    /// Distinct subjects revealed within the last hour.
    pub used: u32,
    /// The most.
    pub limit: u32,
    /// When the first of them falls out of the hour; nothing used, nothing to reset.
    #[schema(required = true)]
    pub resets_at: Option<Timestamp>,
}

impl Records {
    /// Opens restricted fields of one record. The vault's meter is debited before the key is unwrapped; the entry is
    /// durable before the values leave.
    ///
    /// # Errors
    /// `ReasonRequired`, `OverBudget`, `NotFound`, `Invalid` for fields that cannot be revealed.
    pub async fn reveal(
        &self,
        permit: Permit<Reveal>,
        id: RecordId,
        fields: Vec<String>,
        reason: String,
    ) -> Result<Disclosure<Revealed>, Error> {
        let reason = reason.trim().to_owned();
        let length = reason.chars().count();
        if length < MIN_REASON {
            return Err(Error::ReasonRequired);
        }
        if length > MAX_REASON {
            return Err(Error::TooLarge(format!("{MAX_REASON} characters for a reason")));
        }
        let shape = self.0.shape(permit.object())?.clone();
        let inner = self.0.clone();
        let (values, who, entry) = self
            .0
            .store
            .read(move |conn| -> Result<_, Error> {
                let Some(opened) = inner.load_matching(conn, &shape, permit.plan(), id, false)? else {
                    return Err(Error::NotFound);
                };
                let mut wanted = Vec::new();
                let mut errors = Vec::new();
                for name in &fields {
                    let position = shape.object.fields.iter().position(|f| f.name == *name);
                    let usable = position.filter(|i| {
                        let field = &shape.object.fields[*i];
                        field.class == Class::Restricted
                            && permit.plan().field_access(&opened, field) > FieldAccess::Hidden
                    });
                    match usable {
                        Some(i) => wanted.push(i),
                        None => errors.push(FieldError::new(
                            name,
                            "not_revealable",
                            "this field has nothing to reveal here",
                        )),
                    }
                }
                if !errors.is_empty() || wanted.is_empty() {
                    return Err(Error::Invalid(errors));
                }
                let sql = format!(
                    "SELECT t.restricted, k.restricted FROM {} WHERE k.subject = t.subject AND t.id = $1",
                    shape.from
                );
                let bytes: &[u8] = id.as_bytes();
                let rows = conn.query(&sql, &[bytes.into()])?;
                let row = rows.first().ok_or(Error::NotFound)?;
                let mut clear = vec![Value::Null; shape.object.fields.len()];
                if let Some(sealed) = row.opt_blob(0)? {
                    let debit = inner
                        .meter
                        .debit(permit.principal().person, &[opened.subject], inner.now())
                        .map_err(|over| Error::OverBudget {
                            used: over.used,
                            limit: over.limit,
                            resets_at: over.resets_at,
                        })?;
                    let key = inner.vault.restricted_key(opened.subject, row.get_blob(1)?, &debit)?;
                    let plain = open_restricted(&shape, &inner.vault, id, &key, sealed)?;
                    decode_restricted(&shape.object, &plain, &mut clear)?;
                }
                let mut values = Map::new();
                for i in wanted {
                    values.insert(shape.object.fields[i].name.clone(), clear[i].to_json());
                }
                let mut entry = inner.entry(&permit, "reveal");
                entry.records = RecordSet::of([id.0]);
                entry.fields = values.keys().cloned().map(Into::into).collect();
                entry.class = Some(Class::Restricted);
                inner.seal_reason(conn, &mut entry, opened.subject, &reason)?;
                Ok((values, permit.principal().person, entry))
            })
            .await?;
        let usage = self.0.meter.usage(who, self.0.now());
        let budget = Budget { used: usage.used, limit: usage.limit, resets_at: usage.resets_at };
        Ok(Disclosure::new(Revealed { values, budget }, entry))
    }

    /// How much of the hour's budget a person has used.
    #[must_use]
    pub fn budget(&self, who: &policy::Principal) -> Budget {
        let usage = self.0.meter.usage(who.person, self.0.now());
        Budget { used: usage.used, limit: usage.limit, resets_at: usage.resets_at }
    }
}
