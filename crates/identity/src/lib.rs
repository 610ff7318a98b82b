//! People, org tree, credentials, sessions
