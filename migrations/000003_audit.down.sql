DROP FUNCTION audit.verify, audit.record, audit._append;
DROP TABLE audit.detail, audit.event, audit.head;
DROP FUNCTION audit.refuse, audit._hash, audit._lp;
