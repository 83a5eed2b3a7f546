DELETE FROM app.notice WHERE kind = 'mandate.given';
DROP TABLE app.mandate_ack, app.mandate, app.mandate_area;
DROP FUNCTION app.mandate_acked();
DROP FUNCTION app.mandate_told();
DROP FUNCTION app.mandate_given();
DROP FUNCTION app.mandates_here(uuid);
DROP FUNCTION app._mandate_here(uuid, uuid, uuid);
DROP FUNCTION app.mandate_ack_told();
