-- "Nobody knows" is the answer that a form begins with, and no yes: where nobody has said whether the reporter may be answered on
-- the channel, whoever answers says that they have made sure of it, and that is kept (§ 138; domain.md 7, no. 8).
ALTER TABLE app.report ADD receipt_assured boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT assured_by_who_answered CHECK (NOT receipt_assured OR receipt_at IS NOT NULL);
GRANT UPDATE (receipt_assured) ON app.report TO samspil_guard;

DROP FUNCTION app.send_receipt(uuid, text);
CREATE FUNCTION app.send_receipt(p_report uuid, p_how text, p_assured boolean) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE x record;
BEGIN
  PERFORM app._demand(p_report, 16);
  SELECT r.receipt_at, r.source, c.channel, c.reporter_household INTO x FROM app.report r JOIN app.report_content c ON c.report_id = r.id WHERE r.id = p_report FOR UPDATE OF r;
  IF x.receipt_at IS NOT NULL THEN RETURN 'already'; END IF;
  IF x.source = 'anonymous' OR x.channel IN ('unsafe','none') OR x.channel = 'unknown' AND x.reporter_household THEN RETURN 'blocked'; END IF;
  IF x.channel <> 'safe' AND p_assured IS NOT TRUE THEN RETURN 'unsure'; END IF;
  UPDATE app.report SET receipt_at = now(), receipt_by_user = auth.uid(), receipt_how = p_how, receipt_assured = x.channel <> 'safe', version = version + 1 WHERE id = p_report;
  PERFORM audit._append('case:' || p_report, 'report.receipt', p_report, p_how, jsonb_build_object('assured', x.channel <> 'safe'));
  RETURN 'sent';
END $$;
GRANT EXECUTE ON FUNCTION app.send_receipt(uuid, text, boolean) TO samspil_app;
SELECT meta.settle();
