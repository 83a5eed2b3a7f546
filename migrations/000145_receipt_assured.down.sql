DROP FUNCTION app.send_receipt(uuid, text, boolean);
CREATE FUNCTION app.send_receipt(p_report uuid, p_how text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE x record;
BEGIN
  PERFORM app._demand(p_report, 16);
  SELECT r.receipt_at, r.source, c.channel, c.reporter_household INTO x FROM app.report r JOIN app.report_content c ON c.report_id = r.id WHERE r.id = p_report FOR UPDATE OF r;
  IF x.receipt_at IS NOT NULL THEN RETURN 'already'; END IF;
  IF x.source = 'anonymous' OR x.channel IN ('unsafe','none') OR x.channel = 'unknown' AND x.reporter_household THEN RETURN 'blocked'; END IF;
  UPDATE app.report SET receipt_at = now(), receipt_by_user = auth.uid(), receipt_how = p_how, version = version + 1 WHERE id = p_report;
  PERFORM audit._append('case:' || p_report, 'report.receipt', p_report, p_how, NULL);
  RETURN 'sent';
END $$;
GRANT EXECUTE ON FUNCTION app.send_receipt(uuid, text) TO samspil_app;
ALTER TABLE app.report DROP COLUMN receipt_assured;
SELECT meta.settle();
