CREATE OR REPLACE FUNCTION auth.led_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(m.id), '{}') FROM app.forum_meeting m WHERE m.led_by = auth.uid() AND auth.works_here()); END $$;
CREATE OR REPLACE FUNCTION auth.my_seats() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(s.id), '{}') FROM app.forum_seat s WHERE s.user_id = auth.uid() AND auth.works_here()); END $$;
CREATE OR REPLACE FUNCTION auth.my_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(s.meeting_id), '{}') FROM app.forum_seat s WHERE s.user_id = auth.uid() AND auth.works_here()); END $$;
CREATE OR REPLACE FUNCTION auth.seat_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_seat s JOIN app.forum_slice l ON l.seat_id = s.id AND l.given_at IS NOT NULL
    JOIN app.forum_item i ON i.id = l.item_id AND i.withdrawn_at IS NULL JOIN app.forum_item_case k ON k.id = i.id
   WHERE s.user_id = auth.uid() AND auth.works_here() AND s.promised_at IS NOT NULL AND NOT auth._excluded(auth.uid(), k.case_id));
END $$;
CREATE OR REPLACE FUNCTION auth.kept_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM app.forum_item i JOIN app.forum_meeting m ON m.id = i.meeting_id
   WHERE i.id = ANY (auth.seat_items()) AND (i.put_by = auth.uid() OR m.led_by = auth.uid()));
END $$;
CREATE OR REPLACE FUNCTION auth.opened_items(p_mask int) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(k.id), '{}') FROM app.forum_item_case k WHERE k.case_id = ANY (auth.opened(p_mask))); END $$;
CREATE OR REPLACE FUNCTION auth.opened_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT coalesce(array_agg(i.meeting_id), '{}') FROM app.forum_item i WHERE i.id = ANY (auth.opened_items(2))); END $$;
CREATE OR REPLACE FUNCTION app.look_at_items(p_meeting uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT k.case_id, k.id FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id WHERE i.meeting_id = p_meeting AND i.id = ANY (auth.seat_items()) ORDER BY k.case_id, k.id LOOP
    PERFORM audit._append('case:' || r.case_id, 'forum.read', r.case_id, r.id::text, NULL);
  END LOOP;
END $$;
CREATE OR REPLACE FUNCTION app.forum_cases(p_meeting uuid) RETURNS TABLE (item_id uuid, ref text, number text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT k.id, f.ref, f.number FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id JOIN app.case_file f ON f.id = k.case_id
    WHERE i.meeting_id = p_meeting AND i.id = ANY (auth.seat_items()) AND auth.perms(k.case_id) & 2 = 2;
END $$;
SELECT meta.settle();
