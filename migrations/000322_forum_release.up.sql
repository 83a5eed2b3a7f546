-- A protected fact that one seat must know (R12). It stands in no item and in no slice, which are open words: it is a line of the register of
-- sharings made out to that seat, sealed, and held until somebody else releases it in the sharing room, with a reason (000180). The seat
-- reads it from there, once it is released, and no longer when a fact in it is protected later.
CREATE TABLE app.forum_released (
  case_id uuid NOT NULL, item_id uuid NOT NULL, seat_id uuid NOT NULL, sharing_id uuid NOT NULL,
  put_by uuid NOT NULL REFERENCES auth.user_account, put_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, sharing_id), FOREIGN KEY (case_id, item_id) REFERENCES app.forum_item_case (case_id, id),
  FOREIGN KEY (item_id, seat_id) REFERENCES app.forum_slice (item_id, seat_id), FOREIGN KEY (case_id, sharing_id) REFERENCES app.sharing (case_id, id)
);
CREATE INDEX ON app.forum_released (case_id, item_id);
CREATE INDEX ON app.forum_released (item_id, seat_id);
SELECT meta.guard('app.forum_released', 'SELECT');
CREATE POLICY sel ON app.forum_released FOR SELECT TO samspil_app USING (case_id = ANY ((SELECT auth.opened(2))::uuid[]));
CREATE POLICY ins ON app.forum_released FOR INSERT TO samspil_app WITH CHECK (case_id = ANY ((SELECT auth.opened(12))::uuid[]) AND put_by = (SELECT auth.uid()));
GRANT SELECT, INSERT (case_id, item_id, seat_id, sharing_id, put_by) ON app.forum_released TO samspil_app;

-- It belongs to a named item that the seat has got, and the line of the register is made out to that very seat.
CREATE FUNCTION app.forum_released_put() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i record; s record; h record;
BEGIN
  IF NOT NEW.case_id = ANY (auth.opened(12)) THEN RETURN NEW; END IF;
  SELECT x.naming, x.withdrawn_at, l.given_at INTO i FROM app.forum_item x JOIN app.forum_slice l ON l.item_id = x.id WHERE x.id = NEW.item_id AND l.seat_id = NEW.seat_id;
  IF i.given_at IS NULL OR i.withdrawn_at IS NOT NULL OR i.naming <> 'named' THEN PERFORM app._refuse_forum('a_named_item_is_approved'); END IF;
  SELECT x.user_id, x.contact_id INTO s FROM app.forum_seat x WHERE x.id = NEW.seat_id;
  SELECT x.contact_id, x.to_user INTO h FROM app.sharing x WHERE x.case_id = NEW.case_id AND x.id = NEW.sharing_id AND x.direction = 'out';
  IF NOT coalesce(h.contact_id = s.contact_id OR h.to_user = s.user_id, false) THEN PERFORM app._refuse_forum('stands_in_the_register'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forum_released_put BEFORE INSERT ON app.forum_released FOR EACH ROW EXECUTE FUNCTION app.forum_released_put();

-- _released_words() are those that a seat may read; the program opens what is sealed.
CREATE FUNCTION app._released_words(p_seats uuid[]) RETURNS TABLE (item_id uuid, case_id uuid, sharing_id uuid, text_enc bytea) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 3 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT r.item_id, r.case_id, r.sharing_id, x.text_enc FROM app.forum_released r JOIN app.sharing x ON x.case_id = r.case_id AND x.id = r.sharing_id AND x.status = 'shared'
    JOIN app.forum_item i ON i.id = r.item_id AND i.withdrawn_at IS NULL JOIN app.forum_seat s ON s.id = r.seat_id AND s.promised_at IS NOT NULL
   WHERE r.seat_id = ANY (p_seats) AND NOT EXISTS (SELECT 1 FROM app.sharing_hit h WHERE h.case_id = r.case_id AND h.sharing_id = r.sharing_id AND h.later) ORDER BY r.put_at, r.sharing_id;
END $$;
CREATE FUNCTION app.seat_words(p_meeting uuid) RETURNS TABLE (item_id uuid, case_id uuid, sharing_id uuid, text_enc bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 3 SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT w.* FROM app._released_words(auth.my_seats()) w JOIN app.forum_item i ON i.id = w.item_id AND i.meeting_id = p_meeting WHERE w.item_id = ANY (auth.seat_items()) LOOP
    PERFORM audit._append('case:' || r.case_id, 'sharing.read', r.case_id, r.sharing_id::text, NULL);
    item_id := r.item_id; case_id := r.case_id; sharing_id := r.sharing_id; text_enc := r.text_enc;
    RETURN NEXT;
  END LOOP;
END $$;
CREATE FUNCTION app.guest_seat_words() RETURNS TABLE (item_id uuid, case_id uuid, sharing_id uuid, text_enc bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 3 SET search_path = pg_catalog, pg_temp AS $$
DECLARE g app.guest_link := app._guest('seat'); r record;
BEGIN
  FOR r IN SELECT w.* FROM app._released_words(ARRAY[g.about_id]) w LOOP
    PERFORM audit._append('case:' || r.case_id, 'sharing.read', r.case_id, r.sharing_id::text, jsonb_build_object('contact', g.contact_id));
    item_id := r.item_id; case_id := r.case_id; sharing_id := r.sharing_id; text_enc := r.text_enc;
    RETURN NEXT;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION app.seat_words(uuid), app.guest_seat_words() TO samspil_app;
SELECT meta.settle();
