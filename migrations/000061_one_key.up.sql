-- Which key this database was made with: a sign of it, not the key. With another key nothing that is sealed can be read,
-- and, silently, no relative among the employees is recognised any more (security.md 8, F22).
CREATE TABLE meta.installation (id int PRIMARY KEY CHECK (id = 1), key_sign bytea NOT NULL);
SELECT meta.settle();
