//! Tests against a real PostgreSQL, one database each: `DATABASE_URL` says which server.

mod registre;
