-- Cluster roles stay: other databases may use them.
DROP SCHEMA meta CASCADE;
DROP SCHEMA audit CASCADE;
DROP SCHEMA app CASCADE;
DROP SCHEMA auth CASCADE;
DROP EXTENSION unaccent;
DROP EXTENSION pg_trgm;
DROP EXTENSION pgcrypto;
