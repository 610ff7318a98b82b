//! The endpoints under `/api/v1`, a family a file. What is in the router is in the document: both come from here.

pub(crate) mod break_glass;
pub(crate) mod devices;
pub(crate) mod factors;
pub(crate) mod groups;
pub(crate) mod imports;
pub(crate) mod leavers;
pub(crate) mod ledger;
pub(crate) mod networks;
pub(crate) mod people;
pub(crate) mod positions;
pub(crate) mod records;
pub(crate) mod security;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod setup;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::app::App;

/// Every endpoint with its documentation.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(setup::state, setup::found))
        .routes(routes!(setup::check_password))
        .routes(routes!(session::sign_in, session::sign_out))
        .routes(routes!(session::second_factor))
        .routes(routes!(session::step_up))
        .routes(routes!(session::second_factor_options))
        .routes(routes!(session::passkey_options))
        .routes(routes!(session::sign_in_with_passkey))
        .routes(routes!(session::step_up_options))
        .routes(routes!(sessions::mine, sessions::end_mine))
        .routes(routes!(sessions::end_one_of_mine))
        .routes(routes!(sessions::of_person, sessions::end_of_person))
        .routes(routes!(factors::list))
        .routes(routes!(factors::begin_passkey))
        .routes(routes!(factors::finish_passkey))
        .routes(routes!(factors::begin_totp))
        .routes(routes!(factors::confirm))
        .routes(routes!(factors::renew_recovery_codes))
        .routes(routes!(factors::rename, factors::remove))
        .routes(routes!(session::me, session::update_me))
        .routes(routes!(session::change_password))
        .routes(routes!(session::workspace))
        .routes(routes!(records::objects))
        .routes(routes!(records::search))
        .routes(routes!(records::aggregate))
        .routes(routes!(records::duplicates))
        .routes(routes!(records::list, records::create))
        .routes(routes!(records::assign))
        .routes(routes!(records::bulk_update))
        .routes(routes!(records::read, records::update, records::delete))
        .routes(routes!(records::restore))
        .routes(routes!(records::reveal))
        .routes(routes!(records::timeline))
        .routes(routes!(records::related))
        .routes(routes!(records::history))
        .routes(routes!(people::people, people::create))
        .routes(routes!(people::person, people::update))
        .routes(routes!(people::reset_password))
        .routes(routes!(people::departments, people::create_department))
        .routes(routes!(people::update_department, people::delete_department))
        .routes(routes!(people::roles, people::create_role))
        .routes(routes!(people::set_office))
        .routes(routes!(leavers::preview, leavers::leave))
        .routes(routes!(leavers::all))
        .routes(routes!(leavers::one, leavers::cancel))
        .routes(routes!(leavers::undo))
        .routes(routes!(positions::all, positions::put))
        .routes(routes!(positions::delete))
        .routes(routes!(groups::all, groups::create))
        .routes(routes!(groups::check))
        .routes(routes!(groups::update, groups::delete))
        .routes(routes!(imports::list, imports::upload).layer(DefaultBodyLimit::disable()))
        .routes(routes!(imports::one, imports::configure))
        .routes(routes!(imports::check))
        .routes(routes!(imports::start))
        .routes(routes!(imports::cancel))
        .routes(routes!(imports::resume))
        .routes(routes!(imports::rows))
        .routes(routes!(imports::errors))
        .routes(routes!(break_glass::state, break_glass::seal))
        .routes(routes!(break_glass::collect))
        .routes(routes!(break_glass::open))
        .routes(routes!(security::posture))
        .routes(routes!(devices::own, devices::enrol))
        .routes(routes!(devices::show))
        .routes(routes!(devices::revoke_own))
        .routes(routes!(devices::all))
        .routes(routes!(devices::update))
        .routes(routes!(devices::put_rules))
        .routes(routes!(networks::networks))
        .routes(routes!(networks::check))
        .routes(routes!(networks::put_zone, networks::delete_zone))
        .routes(routes!(networks::put_rules))
        .routes(routes!(ledger::entries))
        .routes(routes!(ledger::entry))
        .routes(routes!(ledger::summary))
        .routes(routes!(ledger::checkpoint))
        .routes(routes!(ledger::verify))
        .routes(routes!(ledger::proof))
}
