//! SQLite (SQLCipher) and PostgreSQL behind one executor
